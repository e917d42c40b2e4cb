"""Where a request comes from, as sessions and security events keep it."""

from typing import Annotated

from fastapi import Depends, Request

from services.intake.domain.sessions import Device


def device_of(request: Request) -> Device:
    """The device that sends this."""
    return Device.read(request.headers.get("user-agent", ""), request.client.host if request.client else "")


async def _device(request: Request) -> Device:
    return device_of(request)


CurrentDevice = Annotated[Device, Depends(_device)]
"""For a route's signature: `async def sign_in(device: CurrentDevice, …)`."""
