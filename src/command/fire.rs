//! Firing what fell due at one record: offers, requests, parkings, wrap-ups (R49, R50, B4, B13).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moves::{default_reason, end_offer, end_wrap_up, wake};
use crate::engine::{Command, Context, Draft, Remember, Stop, View, sealed};
use crate::model::{Conversation, ConversationEvent, ConversationId, Key, OfferEnd, Presence, TaskState, WrapUpHow};
use crate::record::{Actor, Fired, Firing, Record};

/// Fires what fell due at one record: at a conversation an offer, a transfer, a request or a parking; at an agent's presence
/// wrap-ups. It does nothing where nothing is due, so it can be repeated without harm; what falls due later is fired under a new id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FireDue {
    /// The record.
    pub at: Key,
}

impl sealed::Sealed for FireDue {}

impl Command for FireDue {
    type Output = Fired;
    const NAME: &'static str = "fire_due";

    fn actor(&self) -> Actor {
        Actor::Clock
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![self.at]
    }

    fn remember(&self) -> Remember {
        Remember::State
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Fired, Stop> {
        let what = match view.record(self.at)? {
            Some(Record::Conversation(conversation)) => {
                at_conversation(cx, view, draft, conversation)?.into_iter().collect()
            }
            Some(Record::Presence(presence)) => wrap_ups(cx, view, draft, presence)?,
            _ => Vec::new(),
        };
        Ok(Fired { what })
    }
}

fn at_conversation(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    conversation: &Arc<Conversation>,
) -> Result<Option<Firing>, Stop> {
    if conversation.state().deadline().is_none_or(|deadline| deadline > cx.now) {
        return Ok(None);
    }
    let id = conversation.id();
    match conversation.state() {
        TaskState::Offered { offer, .. } | TaskState::Frozen { transfer: offer, .. } => {
            end_offer(cx, view, draft, conversation, OfferEnd::TimedOut)?;
            Ok(Some(Firing::OfferLapsed { conversation: id, agent: offer.to.clone() }))
        }
        TaskState::Active { .. } => {
            draft.record(conversation, ConversationEvent::HandoverEnded { why: OfferEnd::TimedOut });
            Ok(Some(Firing::HandoverLapsed { conversation: id }))
        }
        TaskState::Parked { .. } => {
            wake(cx, view, draft, conversation)?;
            Ok(Some(Firing::Woken { conversation: id }))
        }
        TaskState::Queued { .. } | TaskState::WrapUp { .. } | TaskState::Done => Ok(None),
    }
}

/// R50: at its deadline a wrap-up takes the default reason.
fn wrap_ups(cx: &Context<'_>, view: &View, draft: &mut Draft, presence: &Arc<Presence>) -> Result<Vec<Firing>, Stop> {
    let due = presence.slots().iter().filter(|slot| slot.deadline().is_some_and(|deadline| deadline <= cx.now));
    let due: Vec<ConversationId> = due.filter_map(|slot| slot.occupant.conversation()).collect();
    view.want(due.iter().map(|id| Key::conversation(*id)))?;
    for id in &due {
        let conversation = view.named_conversation(*id)?;
        end_wrap_up(cx, draft, presence, conversation, default_reason(cx), WrapUpHow::Default);
    }
    let agent = presence.agent();
    Ok(due.into_iter().map(|conversation| Firing::WrappedUp { conversation, agent: agent.clone() }).collect())
}
