//! Answering a request to hand a conversation over (B4).

use serde::{Deserialize, Serialize};

use super::answer::still_fit;
use super::moves::{begin_wrap_up, pending_request, take_slot};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ConversationEvent, ConversationId, Key, Occupant, OfferEnd, OfferId};
use crate::policy::rules;
use crate::record::{Actor, Answered};

/// The holder of a conversation answers another agent's request for it (B4).
///
/// Refused with `conversation.unknown`, `conversation.closed`, `task.not_yours`, `task.not_active`, `task.frozen`,
/// `handover.not_asked`, `offer.lapsed`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerHandover {
    /// The agent who holds it.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The request.
    pub request: OfferId,
    /// Whether it is handed over.
    pub give: bool,
}

impl sealed::Sealed for AnswerHandover {}

impl Command for AnswerHandover {
    type Output = Answered;
    const NAME: &'static str = "answer_handover";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation), Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Answered, Stop> {
        let found = view.conversation(self.conversation)?;
        let checks = &mut draft.checks;
        let conversation = rules::known_conversation(checks, found, self.conversation)?;
        rules::holds_active(checks, &self.agent, conversation);
        let request = pending_request(conversation, self.request);
        let request = rules::request_stands(checks, request, cx.now)?;
        if !self.give {
            draft.record(conversation, ConversationEvent::HandoverEnded { why: OfferEnd::Declined });
            return Ok(Answered::Declined);
        }
        let asking = view.named_presence(&request.by)?;
        if let Err(reasons) = still_fit(cx, asking, conversation, false) {
            draft.record(conversation, ConversationEvent::HandoverEnded { why: OfferEnd::LostCapacity });
            return Ok(Answered::Withdrawn(reasons));
        }
        let holder = view.named_presence(&self.agent)?;
        take_slot(draft, asking, conversation, Occupant::Task { conversation: conversation.id() });
        begin_wrap_up(cx, draft, holder, conversation.id());
        draft.record(conversation, ConversationEvent::HandedOver { to: request.by.clone() });
        Ok(Answered::Taken)
    }
}
