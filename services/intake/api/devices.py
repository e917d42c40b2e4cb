"""Where a request comes from, as sessions and security events keep it."""

from typing import Annotated

from fastapi import Depends, Request

from services.intake.domain.sessions import Device
from shared.web.cookies import cookies_of


def device_of(request: Request) -> Device:
    """The device that sends this."""
    return Device.read(request.headers.get("user-agent", ""), request.client.host if request.client else "")


async def _device(request: Request) -> Device:
    return device_of(request)


async def _proofs(request: Request) -> frozenset[str]:
    name = cookies_of(request).known
    return frozenset(value for each, value in request.cookies.items() if each.startswith(name))


Proofs = Annotated[frozenset[str], Depends(_proofs)]
"""What this browser keeps of those who have signed in with it."""

CurrentDevice = Annotated[Device, Depends(_device)]
"""For a route's signature: `async def sign_in(device: CurrentDevice, …)`."""
