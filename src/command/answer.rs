//! Answering an offer: out of a queue, or of a transfer (R49).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moves::{begin_wrap_up, end_offer};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{
    AgentId, Conversation, ConversationEvent, ConversationId, Key, Occupant, OfferEnd, OfferId, Presence,
    PresenceEvent, TaskState,
};
use crate::policy::{Checks, rules};
use crate::record::{Actor, Answered};
use crate::refusal::Refusals;

/// An agent takes a task that was offered (R49).
///
/// An agent who can no longer take it is no refusal, since something was done: the task went back, and the answer is
/// [`Answered::Withdrawn`].
///
/// Refused with `conversation.unknown`, `offer.not_pending`, `offer.not_yours`, `offer.lapsed`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The agent.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The offer.
    pub offer: OfferId,
}

impl sealed::Sealed for Accept {}

impl Command for Accept {
    type Output = Answered;
    const NAME: &'static str = "accept";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation), Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Answered, Stop> {
        let conversation = standing(cx, view, draft, self.conversation, self.offer, &self.agent)?;
        let target = view.named_presence(&self.agent)?;
        if let Err(reasons) = still_fit(cx, target, conversation, true) {
            end_offer(cx, view, draft, conversation, OfferEnd::LostCapacity)?;
            return Ok(Answered::Withdrawn(reasons));
        }
        let task = Occupant::Task { conversation: conversation.id() };
        draft.record(target, PresenceEvent::SlotChanged { occupant: task });
        if let TaskState::Frozen { agent: sender, .. } = conversation.state() {
            let sender = view.named_presence(sender)?;
            draft.record(sender, PresenceEvent::TransferSettled);
            begin_wrap_up(cx, draft, sender, conversation.id());
            draft.record(conversation, ConversationEvent::Transferred { to: self.agent.clone() });
        } else {
            draft.record(conversation, ConversationEvent::Accepted { agent: self.agent.clone() });
        }
        Ok(Answered::Taken)
    }
}

/// An agent declines a task that was offered: the task goes back, and the agent is idle (R49).
///
/// Refused with `conversation.unknown`, `offer.not_pending`, `offer.not_yours`, `offer.lapsed`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    /// The agent.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The offer.
    pub offer: OfferId,
}

impl sealed::Sealed for Decline {}

impl Command for Decline {
    type Output = Answered;
    const NAME: &'static str = "decline";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation), Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Answered, Stop> {
        let conversation = standing(cx, view, draft, self.conversation, self.offer, &self.agent)?;
        end_offer(cx, view, draft, conversation, OfferEnd::Declined)?;
        Ok(Answered::Declined)
    }
}

/// R49: the conversation whose offer stands and is for this agent.
fn standing<'v>(
    cx: &Context<'_>,
    view: &'v View,
    draft: &mut Draft,
    id: ConversationId,
    offer: OfferId,
    agent: &AgentId,
) -> Result<&'v Arc<Conversation>, Stop> {
    let found = view.conversation(id)?;
    let conversation = rules::known_conversation(&mut draft.checks, found, id)?;
    rules::offer_stands(&mut draft.checks, conversation, offer, agent, cx.now)?;
    Ok(conversation)
}

/// R49: why an agent who was asked can no longer take the task, if so.
pub(super) fn still_fit(
    cx: &Context<'_>,
    presence: &Presence,
    conversation: &Conversation,
    reserved: bool,
) -> Result<(), Refusals> {
    let directory = cx.directory();
    let mut checks = Checks::default();
    let fit = rules::needed_target(&mut checks, directory, presence.agent()).and_then(|agent| {
        if !reserved {
            rules::no_wrap_up_owed(&mut checks, presence, conversation.id());
            rules::within_outbound_limit(&mut checks, directory, agent, presence, conversation);
        }
        rules::can_still_take(&mut checks, directory, agent, presence, conversation.channel(), reserved);
        checks.all_hold()
    });
    fit.map_err(|refused| *refused.0)
}
