//! What the holder of a task may do with it (R37, R38, R41, R42, R47, B11, B13).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Checks, Refused};
use crate::directory::{Directory, Workflow, WorkflowTrigger};
use crate::model::{
    AgentId, Conversation, ConversationId, Holder, Offer, Presence, QueueId, Seen, TaskState, WorkflowId,
};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// R21: the conversation exists.
pub(crate) fn known_conversation<'a>(
    checks: &mut Checks,
    found: Option<&'a Arc<Conversation>>,
    id: ConversationId,
) -> Result<&'a Arc<Conversation>, Refused> {
    checks.need(found, Code::ConversationUnknown, || vec![Fact::new("conversation", id)])
}

/// R39: what is closed stays closed.
pub(crate) fn not_closed(checks: &mut Checks, conversation: &Conversation) -> bool {
    let closing = conversation.closed();
    checks.require(closing.is_none(), Code::ConversationClosed, || {
        let at = closing.map(|closing| Fact::new("at", closing.at));
        [Fact::new("conversation", conversation.id())].into_iter().chain(at).collect()
    })
}

/// R41, R42, R47: the agent holds the task, and it is active: not frozen, queued, offered or parked.
pub(crate) fn holds_active(checks: &mut Checks, agent: &AgentId, conversation: &Conversation) {
    if !not_closed(checks, conversation) {
        return;
    }
    let state = conversation.state();
    let holder = state.holder();
    let active = matches!(state, TaskState::Active { .. } | TaskState::Frozen { .. });
    checks.require_of(conversation.key(), active, Code::TaskNotActive, || {
        let mut facts = vec![Fact::new("status", state.as_str())];
        facts.extend(holder.clone().map(|holder| Fact::new("holder", holder)));
        facts
    });
    let Some(Holder::Agent(of)) = holder.filter(|_| active) else { return };
    let yours = checks.require_of(conversation.key(), of == *agent, Code::TaskNotYours, || {
        vec![Fact::new("agent", agent), Fact::new("holder", Holder::Agent(of.clone()))]
    });
    if yours {
        not_frozen(checks, conversation);
    }
}

/// R47: while the target of a transfer is asked, the sender can neither send, close nor transfer again.
fn not_frozen(checks: &mut Checks, conversation: &Conversation) {
    let transfer = match conversation.state() {
        TaskState::Frozen { transfer, .. } => Some(transfer),
        _ => None,
    };
    checks.check(transfer.is_none(), || {
        let facts = |transfer: &Offer| vec![Fact::new("target", &transfer.to), Fact::new("until", transfer.expires)];
        let refusal = Refusal::new(Code::TaskFrozen, transfer.map(facts).unwrap_or_default());
        match transfer {
            Some(transfer) => refusal.with_retry(Retry::At(transfer.expires)),
            None => refusal,
        }
    });
}

/// R42: the host closes only what no agent holds.
pub(crate) fn held_by_no_agent(checks: &mut Checks, conversation: &Conversation) {
    let held = match conversation.state().holder() {
        Some(Holder::Agent(agent)) => Some(agent),
        _ => None,
    };
    checks.require_of(conversation.key(), held.is_none(), Code::TaskHeldByAgent, || {
        held.iter().map(|agent| Fact::new("holder_agent", agent)).collect()
    });
}

/// B11: a send that tells what was seen must have been written in sight of the customer's newest message.
pub(crate) fn saw_the_newest(checks: &mut Checks, conversation: &Conversation, seen: Seen) {
    let seen = match seen {
        Seen::NotTold => return,
        Seen::Nothing => None,
        Seen::UpTo(message) => Some(message),
    };
    let newest = conversation.last_inbound();
    checks.require(newest.is_none() || newest == seen, Code::CustomerWroteMeanwhile, || {
        newest.iter().map(|newest| Fact::new("message", newest)).collect()
    });
}

/// R35: the workflow exists. R38: event workflows never fire for an outbound conversation.
pub(crate) fn manual_workflow(
    checks: &mut Checks,
    directory: &Directory,
    workflow: &WorkflowId,
) -> Result<(), Refused> {
    let facts = || vec![Fact::new("workflow", workflow)];
    let found: &Workflow = checks.need(directory.workflow(workflow), Code::WorkflowUnknown, facts)?;
    checks.require(found.trigger() == WorkflowTrigger::Manual, Code::WorkflowEventOnly, facts);
    Ok(())
}

/// R37: there is no conference on an outbound conversation.
pub(crate) fn no_conference(checks: &mut Checks, conversation: &Conversation) {
    checks.require(false, Code::ConferenceNotSupported, || vec![Fact::new("conversation", conversation.id())]);
}

/// R48: an agent has one transfer pending at most.
pub(crate) fn no_transfer_pending(checks: &mut Checks, presence: &Presence) {
    let pending = presence.transferring();
    checks.require_of(presence.key(), pending.is_none(), Code::TransferPending, || {
        let conversation = pending.map(|conversation| Fact::new("conversation", conversation));
        [Fact::new("agent", presence.agent())].into_iter().chain(conversation).collect()
    });
}

/// B13: a task is not transferred without end.
pub(crate) fn hops_left(checks: &mut Checks, conversation: &Conversation, limit: u8) {
    let hops = conversation.task().hops;
    checks.require(hops < limit, Code::TransferHopLimit, || vec![Fact::new("hops", hops), Fact::new("limit", limit)]);
}

/// B13: a task is parked until a time that is to come, and not for ever.
pub(crate) fn parking_time(checks: &mut Checks, until: DateTime<Utc>, now: DateTime<Utc>, longest: TimeDelta) {
    let limit = now.checked_add_signed(longest).unwrap_or(DateTime::<Utc>::MAX_UTC);
    checks.require(until > now && until <= limit, Code::ParkingNotAllowed, || {
        vec![Fact::new("until", until), Fact::new("limit", limit)]
    });
}

/// B13: only what is parked wakes.
pub(crate) fn parked(checks: &mut Checks, conversation: &Conversation) {
    let state = conversation.state();
    let parked = matches!(state, TaskState::Parked { .. });
    checks.require_of(conversation.key(), parked, Code::ParkingNotParked, || {
        vec![Fact::new("conversation", conversation.id()), Fact::new("status", state.as_str())]
    });
}

/// R21: a task is moved from its holder only where the directory no longer has that holder for it.
pub(crate) fn holder_gone(checks: &mut Checks, directory: &Directory, conversation: &Conversation) {
    let gone = missing_holder(directory, conversation).is_some();
    checks.require(gone, Code::HolderPresent, || vec![Fact::new("conversation", conversation.id())]);
}

/// The holder of a task, where the directory no longer has it, or has it as a queue that takes the channel no longer while another
/// does. A parking place needs none: what wakes finds its queue.
pub(crate) fn missing_holder(directory: &Directory, conversation: &Conversation) -> Option<Holder> {
    let has_another_home = |queue: &QueueId| directory.queue_for(conversation.entry_point()).id() != queue;
    conversation.state().holder().filter(|holder| match holder {
        Holder::Agent(agent) => directory.agent(agent).is_none(),
        Holder::Queue(queue) => match directory.queue(queue) {
            Some(found) => !found.serves(conversation.channel()) && has_another_home(queue),
            None => true,
        },
        Holder::Parking(_) => false,
    })
}
