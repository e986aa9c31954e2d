//! Closing a conversation (R39, R50).

use serde::{Deserialize, Serialize};

use super::moves::{begin_wrap_up, drop_request, release_target};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{By, ContactEvent, ConversationEvent, ConversationId, Key, OfferEnd};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// A conversation is closed: by the agent who holds it, or by the host where no agent does. Its key is free at once (R39).
///
/// Refused with `conversation.unknown`, `conversation.closed`, `task.not_yours`, `task.not_active`, `task.frozen`,
/// `task.held_by_agent`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Who closes it.
    pub by: By,
    /// The conversation.
    pub conversation: ConversationId,
}

impl sealed::Sealed for Close {}

impl Command for Close {
    type Output = Done;
    const NAME: &'static str = "close";

    fn actor(&self) -> Actor {
        match &self.by {
            By::Agent(agent) => Actor::Agent(agent.clone()),
            By::Host => Actor::Host,
        }
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        let holder = match &self.by {
            By::Agent(agent) => Some(Key::presence(agent)),
            By::Host => None,
        };
        [Key::conversation(self.conversation)].into_iter().chain(holder).collect()
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let checks = &mut draft.checks;
        let conversation = rules::known_conversation(checks, found, self.conversation)?;
        match &self.by {
            By::Agent(agent) => rules::holds_active(checks, agent, conversation),
            By::Host => {
                if rules::not_closed(checks, conversation) {
                    rules::held_by_no_agent(checks, conversation);
                }
            }
        }
        draft.checks.all_hold()?;
        let contact = view.named_contact(conversation.address())?;

        match &self.by {
            By::Agent(agent) => {
                drop_request(draft, conversation);
                begin_wrap_up(cx, draft, view.named_presence(agent)?, conversation.id());
            }
            By::Host => {
                if let Some(offer) = conversation.state().offer() {
                    release_target(cx, view, draft, conversation, &offer.to, OfferEnd::Overtaken)?;
                }
            }
        }
        draft.record(conversation, ConversationEvent::Closed { by: self.by.clone() });
        let entry_point = conversation.entry_point().clone();
        draft.record(contact, ContactEvent::ThreadClosed { entry_point });
        Ok(Done)
    }
}
