"""How a piece comes to its customer: by parcel to an address, or they collect it."""

from dataclasses import dataclass

from shared.contracts.commissions import DeliveryWay


@dataclass(frozen=True)
class PieceDelivery:
    """As chosen last; `number` counts the choices, `address_number` is the choice that the address is of.

    Of a parcel the words are None until they are here, and once they were erased; `country` is an ISO 3166 code.
    """

    number: int
    way: DeliveryWay
    address_number: int | None = None
    name: str | None = None
    street: str | None = None
    extra: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    phone: str | None = None

    @property
    def is_pickup(self) -> bool:
        return self.way is DeliveryWay.PICKUP

    @property
    def is_known(self) -> bool:
        """Whether the piece can be packed: it is collected, or the address that was chosen is here."""
        return self.is_pickup or (self.address_number or 0) >= self.number


@dataclass(frozen=True)
class ParcelAddressee:
    """To whom a piece goes, as far as it is known: for the bench from packing to delivery.

    `way` is None until it was chosen.
    """

    name: str | None
    country: str | None
    way: DeliveryWay | None = None
    street: str | None = None
    extra: str | None = None
    postcode: str | None = None
    city: str | None = None
    phone: str | None = None

    @classmethod
    def of(cls, delivery: PieceDelivery | None, *, name: str | None, country: str | None) -> "ParcelAddressee":
        """`name` is the customer's, `country` the one that the commission names."""
        if delivery is None or not delivery.is_known:
            return cls(name, country)
        if delivery.is_pickup:
            return cls(name, None, delivery.way)
        return cls(
            delivery.name,
            delivery.country,
            delivery.way,
            delivery.street,
            delivery.extra,
            delivery.postcode,
            delivery.city,
            delivery.phone,
        )
