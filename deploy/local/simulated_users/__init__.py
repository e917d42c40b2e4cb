"""People who use a running stack from outside, over its public addresses only: a customer, a maker, ops."""

from deploy.local.simulated_users.customer import SimulatedCustomer, Wish
from deploy.local.simulated_users.maker import SimulatedMaker
from deploy.local.simulated_users.ops import SimulatedOps

__all__ = ["SimulatedCustomer", "SimulatedMaker", "SimulatedOps", "Wish"]
