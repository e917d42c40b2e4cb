"""Where a day begins, by rules that are an input of the workflow: a newer time zone database changes no replay."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

_DAY = timedelta(days=1)


class ZoneOffset(BaseModel):
    """By how much a zone's clocks are ahead of UTC, from this instant on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    since: datetime
    ahead: timedelta


class ZoneRules(BaseModel):
    """The offsets of a zone, oldest first. The first one holds before it, too, and the last one for good; none: UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    offsets: tuple[ZoneOffset, ...] = ()

    def day_of(self, instant: datetime) -> date:
        """The day that it is in the zone at this instant."""
        return (instant + self._ahead(instant)).astimezone(UTC).date()

    def start_of_day(self, day: date) -> datetime:
        """The instant, in UTC, at which a day begins in the zone."""
        midnight = datetime.combine(day, time(), UTC)
        # Clocks that are put forward at midnight skip it: the day begins as by the clocks of the day before.
        ahead = self._ahead(midnight - _DAY)
        for each in (ahead, self._ahead(midnight + _DAY)):
            if self._ahead(midnight - each) == each:
                return midnight - each
        return midnight - ahead

    def end_of_day(self, day: date) -> datetime:
        """The instant, in UTC, at which a day ends in the zone: the first one of the day after."""
        return self.start_of_day(day + _DAY)

    def _ahead(self, instant: datetime) -> timedelta:
        if not self.offsets:
            return timedelta(0)
        return next((each.ahead for each in reversed(self.offsets) if each.since <= instant), self.offsets[0].ahead)
