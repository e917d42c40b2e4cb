"""People who use a running stack from outside, over its public addresses only: a customer, a maker, ops."""

from deploy.local.visitors.customer import Customer, Wish
from deploy.local.visitors.maker import Maker
from deploy.local.visitors.ops import Ops

__all__ = ["Customer", "Maker", "Ops", "Wish"]
