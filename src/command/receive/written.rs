//! Writing a message down: it is kept whole, and known again by what others call it (R34, B2).

use std::sync::Arc;

use super::mail::Mail;
use super::place::Place;
use super::{ReceiveMessage, Said};
use crate::directory::EntryPoint;
use crate::engine::{Context, Draft, Stop, View};
use crate::model::{Address, Channel, Direction, Key, MailTrace, Message, MessageDraft, MessageEvent, MessageId, Step};
use crate::policy::rules;
use crate::record::{Received, Record, Reference};
use crate::sms::Keyword;

/// What was found out about a message, and is kept with it.
pub(super) struct Kept<'a> {
    pub(super) place: &'a Place,
    /// The customer's address.
    pub(super) address: Address,
    pub(super) keyword: Option<Keyword>,
    pub(super) mail: Option<MailTrace>,
}

/// B2: what came of the message when it was received before, by this very command or by another.
pub(super) fn outcome_of(cx: &Context<'_>, view: &View, known: MessageId, opened: bool) -> Result<Received, Stop> {
    let message = view.named_message(known)?;
    let duplicate = known != MessageId::of(cx.command);
    let (conversation, keyword) = (message.conversation(), message.keyword());
    let mail = message.mail().cloned().map(Box::new);
    Ok(Received { message: known, conversation, opened, duplicate, keyword, mail })
}

impl ReceiveMessage {
    /// R34: nothing of the message is lost; B2: it is known again by its provider's name for it.
    pub(super) fn write_down(
        &self,
        cx: &Context<'_>,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        said: &Said,
        Kept { place, address, keyword, mail }: Kept<'_>,
    ) -> Received {
        let message = MessageId::of(cx.command);
        let (subject, mail) = (said.subject.clone(), mail.map(Box::new));
        let content =
            rules::kept(cx.directory().organization(), cx.terms.html(), subject, &self.body, &self.attachments);
        let name = said.mail.as_ref().and_then(Mail::name).cloned();
        let received = entry_point.channel() != Channel::Email;
        for name in [Some(self.provider.clone()), name].into_iter().flatten() {
            let reference = Reference::to(self.entry_point.clone(), name, message);
            draft.put(Record::Reference(Reference { received, opened: place.opened, ..reference }.into()));
        }
        let made = MessageDraft {
            id: message,
            conversation: place.conversation,
            number: place.number,
            channel: entry_point.channel(),
            entry_point: self.entry_point.clone(),
            address,
            direction: Direction::Inbound { provider: self.provider.clone(), keyword, mail: mail.clone() },
            content: Arc::new(content),
        };
        let step = Step::Settled;
        draft.begin::<Message>(Key::message(message), MessageEvent::MessageMade { draft: Box::new(made), step });
        let (conversation, opened) = (place.conversation, place.opened);
        Received { message, conversation, opened, duplicate: false, keyword, mail }
    }
}
