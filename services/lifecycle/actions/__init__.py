"""What lifecycle does: signals facts to workflows, keeps the dashboard's read model, and carries out what ops ask."""

from services.lifecycle.actions.audit import audit_people, audit_titles, read_audit
from services.lifecycle.actions.bridge import deliver_facts, signal_facts
from services.lifecycle.actions.charts import read_charts
from services.lifecycle.actions.dashboard import (
    DASHBOARD,
    CommissionDetail,
    CommissionSummary,
    commission_revision,
    counts,
    dashboard_revision,
    read_commission,
    read_commission_detail,
    read_commissions,
    read_offerings,
    read_workflow_state,
)
from services.lifecycle.actions.history import read_history
from services.lifecycle.actions.inbox import InboxStep, erase_text, read_inbox, record_text, take_step, waiting_count
from services.lifecycle.actions.operations import (
    CommissionPreview,
    OperationRequest,
    bulk_id,
    carry_out,
    carry_out_in_bulk,
    read_preview,
    read_previews,
    refused_command,
)
from services.lifecycle.actions.parked import failed_here, recording
from services.lifecycle.actions.people import erase_brief, erase_person, record_brief, record_person
from services.lifecycle.actions.projection import project
from services.lifecycle.actions.records import record_end, record_escalation, record_phase, record_reminder
from services.lifecycle.actions.temporal_gateway import NoWorkflowError, RefusedError, TemporalGateway
from services.lifecycle.actions.zone import zone_rules

__all__ = [
    "DASHBOARD",
    "CommissionDetail",
    "CommissionPreview",
    "CommissionSummary",
    "InboxStep",
    "NoWorkflowError",
    "OperationRequest",
    "RefusedError",
    "TemporalGateway",
    "audit_people",
    "audit_titles",
    "bulk_id",
    "carry_out",
    "carry_out_in_bulk",
    "commission_revision",
    "counts",
    "dashboard_revision",
    "deliver_facts",
    "erase_brief",
    "erase_person",
    "erase_text",
    "failed_here",
    "project",
    "read_audit",
    "read_charts",
    "read_commission",
    "read_commission_detail",
    "read_commissions",
    "read_history",
    "read_inbox",
    "read_offerings",
    "read_preview",
    "read_previews",
    "read_workflow_state",
    "record_brief",
    "record_end",
    "record_escalation",
    "record_person",
    "record_phase",
    "record_reminder",
    "record_text",
    "recording",
    "refused_command",
    "signal_facts",
    "take_step",
    "waiting_count",
    "zone_rules",
]
