//! Giving the wrap-up reason, or taking more time for it (R50).

use serde::{Deserialize, Serialize};

use super::moves::{after, end_wrap_up};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ConversationId, Key, Occupant, PresenceEvent, WrapUpHow, WrapUpReasonId};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// An agent gives the wrap-up reason of a conversation that they closed or handed over: one reason, and the slot is free.
///
/// Refused with `wrap_up.not_owed`, `wrap_up.reason_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapUp {
    /// The agent.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The reason.
    pub reason: WrapUpReasonId,
}

impl sealed::Sealed for WrapUp {}

impl Command for WrapUp {
    type Output = Done;
    const NAME: &'static str = "wrap_up";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent), Key::conversation(self.conversation)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let presence = view.presence(&self.agent)?;
        let checks = &mut draft.checks;
        rules::known_wrap_up_reason(checks, cx.directory(), &self.reason);
        rules::owes_wrap_up(checks, presence.map(|presence| &**presence), &self.agent, self.conversation)?;
        draft.checks.all_hold()?;
        let presence = view.named_presence(&self.agent)?;
        let conversation = view.named_conversation(self.conversation)?;
        end_wrap_up(cx, draft, presence, conversation, self.reason.clone(), WrapUpHow::Chosen);
        Ok(Done)
    }
}

/// An agent takes more time for the wrap-up reason, as often as the set-up allows.
///
/// Refused with `wrap_up.not_owed`, `wrap_up.extensions_used`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendWrapUp {
    /// The agent.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
}

impl sealed::Sealed for ExtendWrapUp {}

impl Command for ExtendWrapUp {
    type Output = Done;
    const NAME: &'static str = "extend_wrap_up";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.presence(&self.agent)?;
        let timings = cx.directory().organization().timings().wrap_up();
        let checks = &mut draft.checks;
        let owed = rules::owes_wrap_up(checks, found.map(|presence| &**presence), &self.agent, self.conversation)?;
        rules::extensions_left(checks, &self.agent, owed.extensions, timings.max_extensions());
        draft.checks.all_hold()?;
        let presence = view.named_presence(&self.agent)?;
        let occupant = Occupant::WrapUp {
            conversation: self.conversation,
            deadline: after(owed.deadline.max(cx.now), timings.extension()),
            extensions: owed.extensions.saturating_add(1),
        };
        draft.record(presence, PresenceEvent::SlotChanged { occupant });
        Ok(Done)
    }
}
