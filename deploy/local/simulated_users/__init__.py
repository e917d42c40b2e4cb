"""People who use a running stack from outside, over its public addresses only: a customer, a maker, ops."""

from deploy.local.simulated_users.customer import Customer, Wish
from deploy.local.simulated_users.maker import Maker
from deploy.local.simulated_users.ops import Ops

__all__ = ["Customer", "Maker", "Ops", "Wish"]
