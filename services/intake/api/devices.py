"""Where a request comes from, as sessions and security events keep it."""

from typing import Annotated

from fastapi import Depends, Request

from services.intake.domain.sessions import Device


async def _device(request: Request) -> Device:
    return Device.read(request.headers.get("user-agent", ""), request.client.host if request.client else "")


CurrentDevice = Annotated[Device, Depends(_device)]
"""For a route's signature: `async def sign_in(device: CurrentDevice, …)`."""
