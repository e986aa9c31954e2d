//! Finding a new home for a task whose holder a new directory no longer has.

use serde::{Deserialize, Serialize};

use super::moves::{home_queue, release_target, take_from_agent};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{ConversationEvent, ConversationId, Key, OfferEnd, QueuedWhy, TaskState};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// Moves a task whose agent or queue is no longer in the directory, or whose queue takes its channel no longer, to its entry point's
/// queue, or where that is gone too, to the organization's fallback queue.
///
/// Refused with `conversation.unknown`, `conversation.closed`, `task.holder_present`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rehome {
    /// The conversation.
    pub conversation: ConversationId,
}

impl sealed::Sealed for Rehome {}

impl Command for Rehome {
    type Output = Done;
    const NAME: &'static str = "rehome";

    fn actor(&self) -> Actor {
        Actor::Host
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut draft.checks, found, self.conversation)?;
        rules::not_closed(&mut draft.checks, conversation);
        rules::holder_gone(&mut draft.checks, cx.directory(), conversation);
        draft.checks.all_hold()?;
        match conversation.state() {
            TaskState::Active { agent, .. } | TaskState::Frozen { agent, .. } => {
                let presence = view.named_presence(agent)?;
                take_from_agent(cx, view, draft, conversation, presence, QueuedWhy::HolderGone)?;
            }
            TaskState::Queued { since, .. } | TaskState::Offered { since, .. } => {
                if let Some(offer) = conversation.state().offer() {
                    release_target(cx, view, draft, conversation, &offer.to, OfferEnd::Overtaken)?;
                }
                let queue = home_queue(cx, conversation, None);
                let event = ConversationEvent::Queued { queue, since: *since, why: QueuedWhy::HolderGone };
                draft.record(conversation, event);
            }
            TaskState::Parked { .. } | TaskState::WrapUp { .. } | TaskState::Done => {}
        }
        Ok(Done)
    }
}
