//! Messages on their way: which have a delivery, and which are due for an attempt (R36, B10).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Checks, Refused};
use crate::model::{Conversation, Message, Status, Step};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// R36: the message exists.
pub(crate) fn known_message<'a>(
    checks: &mut Checks,
    found: Option<&'a Arc<Message>>,
) -> Result<&'a Arc<Message>, Refused> {
    checks.need(found, Code::MessageUnknown, Vec::new)
}

/// R36: the message was sent, not received.
pub(crate) fn was_sent(checks: &mut Checks, message: &Message) {
    checks.require(!message.is_inbound(), Code::MessageNotSent, || vec![Fact::new("message", message.id())]);
}

/// How many messages of one conversation may wait to be sent.
const MAX_WAITING: usize = 100;

/// B10: not too many messages of the conversation wait to be sent. A customer is not to get them all at once when a provider is
/// back after days, and the conversation, which names each of them, stays small.
pub(crate) fn no_backlog(checks: &mut Checks, conversation: &Conversation) {
    let waiting = conversation.unsettled().len();
    checks.require_of(conversation.key(), waiting < MAX_WAITING, Code::DeliveryBacklog, || {
        vec![Fact::new("used", waiting as u64), Fact::new("limit", MAX_WAITING as u64)]
    });
}

/// R36: until when a message that waits for its turn is held back by the first one of its conversation: by one that is put off
/// itself, because it is quiet at the recipient's or its provider was busy.
pub(crate) fn held_until(first: Option<&Message>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match first?.delivery().step {
        Step::Due { at } if at > now => Some(at),
        _ => None,
    }
}

/// B10: only what failed or expired is sent again, and once.
pub(crate) fn can_be_retried(checks: &mut Checks, message: &Message) {
    let delivery = message.delivery();
    let over = matches!(delivery.status, Status::Failed | Status::Expired);
    checks.require_of(message.key(), over, Code::MessageNotFailed, || {
        vec![Fact::new("message", message.id()), Fact::new("status", delivery.status.as_str())]
    });
    checks.require(delivery.retried.is_none(), Code::MessageRetried, || {
        let retry = delivery.retried.map(|retry| Fact::new("retry", retry));
        [Fact::new("message", message.id())].into_iter().chain(retry).collect()
    });
}

/// B10: the message waits for an attempt, and its time has come; while another's claim stands it has not.
pub(crate) fn due_for_attempt(checks: &mut Checks, message: &Message, now: DateTime<Utc>) {
    let next = message.next_attempt();
    checks.check(next.is_some_and(|next| next <= now), || {
        let refusal = Refusal::new(Code::DeliveryNotDue, vec![Fact::new("message", message.id())]);
        refusal.with_retry(next.map_or_else(|| Retry::WhenChanged(message.key()), Retry::At))
    });
}
