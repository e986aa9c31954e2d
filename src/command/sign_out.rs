//! Signing out, with empty hands or leaving the work to others (R8, R49).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moves::{default_reason, end_offer, end_wrap_up, take_from_agent};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, Key, Occupant, OfferEnd, Presence, PresenceEvent, QueuedWhy, Slot, WrapUpHow};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// What becomes of the work that an agent still holds when signing out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfinished {
    /// The signing out is refused.
    #[default]
    Refuse,
    /// The tasks go back to their entry points' queues, and foreign interactions are forgotten.
    Requeue,
}

/// An agent signs out. Offers to the agent go back, and wrap-ups take the default reason (R49, R50).
///
/// It works for an agent whom the directory no longer has, so that a host can take the work from them, and for one who is
/// signed out and still holds slots, which only a store that broke its contract leaves behind (B15).
///
/// Refused with `agent.signed_out`, `agent.holds_work`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// The agent.
    pub agent: AgentId,
    /// What becomes of tasks and interactions.
    #[serde(default)]
    pub unfinished: Unfinished,
}

impl sealed::Sealed for SignOut {}

impl Command for SignOut {
    type Output = Done;
    const NAME: &'static str = "sign_out";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.presence(&self.agent)?;
        let checks = &mut draft.checks;
        rules::something_to_leave(checks, &self.agent, found.map(|presence| &**presence));
        if let (Some(presence), Unfinished::Refuse) = (found, self.unfinished) {
            rules::empty_hands(checks, presence);
        }
        draft.checks.all_hold()?;
        let presence = view.named_presence(&self.agent)?;
        let held = presence.slots().iter().filter_map(|slot| slot.occupant.conversation());
        view.want(held.map(Key::conversation))?;
        // Signed out first, so that no slot that follows sets a state of the session.
        draft.record(presence, PresenceEvent::SignedOut);
        for slot in presence.slots() {
            leave(cx, view, draft, presence, slot)?;
        }
        Ok(Done)
    }
}

/// What becomes of one slot when its agent leaves.
fn leave(cx: &Context<'_>, view: &View, draft: &mut Draft, presence: &Arc<Presence>, slot: &Slot) -> Result<(), Stop> {
    match &slot.occupant {
        Occupant::Offer { conversation, .. } => {
            end_offer(cx, view, draft, view.named_conversation(*conversation)?, OfferEnd::SignedOut)
        }
        Occupant::Task { conversation } => {
            let conversation = view.named_conversation(*conversation)?;
            take_from_agent(cx, view, draft, conversation, presence, QueuedWhy::SignedOut)
        }
        Occupant::WrapUp { conversation, .. } => {
            let conversation = view.named_conversation(*conversation)?;
            end_wrap_up(cx, draft, presence, conversation, default_reason(cx), WrapUpHow::Default);
            Ok(())
        }
        Occupant::Interaction { interaction } => {
            draft.record(presence, PresenceEvent::InteractionEnded { interaction: interaction.clone() });
            Ok(())
        }
    }
}
