"""A change order of what was accepted: held at the bench, offered, applied and counted, at any point of the making.

The bench decides under its lock whether it is applied; only then intake puts what is wished in force, and quotes counts
the money. A cancellation that comes first ends it: one thing is done after the other.
"""

from temporalio import workflow

from services.lifecycle.workflow.state import ChangeInHand, ChangeStep, GateProgress
from services.lifecycle.workflow.waiting import Chore, PhaseWaiting
from shared.contracts.commands.intake import PutProposalInForce
from shared.contracts.commands.production import ApplyChangeOrder, FreezeStages, ThawStages
from shared.contracts.commands.quotes import CountChangeOrder, EndChangeOrder, OfferChangeOrder
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal


class ChangingSteps(PhaseWaiting):
    """What a change order needs next, whatever the piece waits for."""

    def _chore_of_a_change(self) -> Chore | None:
        change = self._state.change
        if change is None:
            return None
        match change.step:
            case ChangeStep.ASKED:
                return self._offer_the_change
            case ChangeStep.OFFERED:
                return self._lapse_the_change if workflow.now() >= change.until else None
            case ChangeStep.AGREED:
                return self._apply_the_change
            case ChangeStep.ENDED:
                return self._forget_the_change

    async def _offer_the_change(self) -> None:
        """The bench begins nothing that it touches, and says by which day; then it is with the customer."""
        if (change := self._state.change) is None:
            return
        command = FreezeStages(
            id=self._next_id(FreezeStages),
            commission=self._start.commission,
            change_order=change.change_order,
            from_stage=change.from_stage,
            until=change.until,
        )
        frozen = await self._carry_out(command)
        if frozen.ready_by is None or frozen.before is None:
            await self._end_the_change(change, ChangeOrderEnd.REFUSED, frozen.refusal)
            self._state.change = None
            return
        offer = OfferChangeOrder(
            id=self._next_id(OfferChangeOrder),
            commission=self._start.commission,
            change_order=change.change_order,
            ready_by=frozen.ready_by,
            before=frozen.before,
            gates=frozen.gates,
        )
        offered = await self._carry_out(offer)
        if change.step is ChangeStep.ASKED:  # its customer, or the studio, may have been quicker than this answer
            change.step = ChangeStep.OFFERED if offered.offered else ChangeStep.ENDED

    async def _lapse_the_change(self) -> None:
        if (change := self._state.change) is None:
            return
        agreed = await self._end_the_change(change, ChangeOrderEnd.LAPSED, None)
        if agreed:  # the fact that says so is on its way
            await workflow.wait_condition(lambda: change.step is not ChangeStep.OFFERED or self._state.end_requested)
        elif change.step is ChangeStep.OFFERED:
            change.step = ChangeStep.ENDED

    async def _apply_the_change(self) -> None:
        """The piece, what is wished, and the money, one after the other; or none of them."""
        change = self._state.change
        if change is None or change.at_latest is None:
            return
        command = ApplyChangeOrder(
            id=self._next_id(ApplyChangeOrder),
            commission=self._start.commission,
            change_order=change.change_order,
            from_stage=change.from_stage,
            at_latest=change.at_latest,
        )
        applied = await self._carry_out(command)
        if not applied.applied or applied.ready_by is None:
            await self._end_the_change(change, ChangeOrderEnd.REFUSED, applied.refusal)
            await self._thaw(change, None)
            return
        force = PutProposalInForce(
            id=self._next_id(PutProposalInForce), commission=self._start.commission, proposal=change.proposal
        )
        version = (await self._carry_out(force)).brief_version
        count = CountChangeOrder(
            id=self._next_id(CountChangeOrder),
            commission=self._start.commission,
            change_order=change.change_order,
            ready_by=applied.ready_by,
            brief_version=version,
        )
        await self._carry_out(count)
        for gate in applied.gates:
            self._state.gates[gate] = GateProgress(least_version=version)
        await self._thaw(change, version)

    async def _forget_the_change(self) -> None:
        if (change := self._state.change) is not None:
            await self._thaw(change, None)

    async def _thaw(self, change: ChangeInHand, brief_version: int | None) -> None:
        command = ThawStages(
            id=self._next_id(ThawStages),
            commission=self._start.commission,
            change_order=change.change_order,
            brief_version=brief_version,
        )
        thawed = await self._carry_out(command)
        if thawed.ready_by is not None:
            self._state.bench.ready_by = thawed.ready_by
        if self._state.change is change:
            self._state.change = None

    async def _end_the_change(self, change: ChangeInHand, end: ChangeOrderEnd, refusal: ChangeRefusal | None) -> bool:
        """Whether the customer had agreed before."""
        command = EndChangeOrder(
            id=self._next_id(EndChangeOrder),
            commission=self._start.commission,
            change_order=change.change_order,
            end=end,
            refusal=refusal,
        )
        return (await self._carry_out(command)).agreed
