//! The reason asked after a transfer or a close (R50).

use chrono::{DateTime, Utc};

use super::rules::of_state;
use super::{Checks, Refused};
use crate::directory::Directory;
use crate::model::{AgentId, ConversationId, Key, Occupant, Presence, WrapUpReasonId};
use crate::refusal::{Code, Fact};

/// A wrap-up reason that is owed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owed {
    /// When the default reason is taken.
    pub(crate) deadline: DateTime<Utc>,
    /// How often the deadline was moved.
    pub(crate) extensions: u8,
}

/// R50: the agent owes a wrap-up reason for the conversation.
pub(crate) fn owes_wrap_up(
    checks: &mut Checks,
    presence: Option<&Presence>,
    agent: &AgentId,
    conversation: ConversationId,
) -> Result<Owed, Refused> {
    let owed = presence.and_then(|presence| match presence.slot_of(conversation)?.occupant {
        Occupant::WrapUp { deadline, extensions, .. } => Some(Owed { deadline, extensions }),
        _ => None,
    });
    checks.need_or(owed, || of_state(Code::WrapUpNotOwed, agent, [Fact::new("conversation", conversation)]))
}

/// R50: the reason is one of the set-up's.
pub(crate) fn known_wrap_up_reason(checks: &mut Checks, directory: &Directory, reason: &WrapUpReasonId) {
    checks.require(directory.wrap_up_reason(reason).is_some(), Code::WrapUpReasonUnknown, || {
        vec![Fact::new("reason", reason)]
    });
}

/// R50: the deadline is moved a bounded number of times.
pub(crate) fn extensions_left(checks: &mut Checks, agent: &AgentId, used: u8, limit: u8) {
    checks.require_of(Key::presence(agent), used < limit, Code::WrapUpExtensionsUsed, || {
        vec![Fact::new("used", used), Fact::new("limit", limit)]
    });
}
