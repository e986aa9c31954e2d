//! What a customer's message says about being written to, and the confirmation of an opt-out (B5).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::{Arrival, Place};
use crate::command::moves::after;
use crate::command::wishes::{Told, lift, tell};
use crate::engine::{Context, Draft, Stop, View};
use crate::model::{
    Author, Body, Content, Conversation, ConversationEvent, Direction, Key, Message, MessageDraft, MessageEvent,
    MessageId, Private, Step, TemplateUse, ToldBy, Wish,
};
use crate::policy::rules;
use crate::sms::Keyword;

/// B5: the customer's wish is written down where the message tells one; and whoever writes can be reached.
pub(super) fn heed(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    arrival: &Arrival<'_>,
    place: &Place,
) -> Result<(), Stop> {
    let by = &ToldBy::Customer { message: MessageId::of(cx.command) };
    lift(view, draft, arrival.from, by, None)?;
    let wish = match arrival.keyword {
        Some(Keyword::OptOut) => Wish::OptedOut,
        Some(Keyword::OptIn) => Wish::OptedIn,
        Some(Keyword::Help) | None => return Ok(()),
    };
    let mut changed = false;
    for about in [Some(arrival.entry_point.id()), place.other_entry_point.as_ref()].into_iter().flatten() {
        let told = Told { wish, about: Some(about), by, reason: None };
        changed |= tell(cx, view, draft, arrival.from, arrival.customer, told)?;
    }
    if changed && wish == Wish::OptedOut {
        confirm(cx, draft, arrival, place);
    }
    Ok(())
}

/// B5: the confirmation of an opt-out goes out by itself, in spite of the opt-out, at any hour and beyond every cap; once, with
/// the commit that writes the opt-out down.
fn confirm(cx: &Context<'_>, draft: &mut Draft, arrival: &Arrival<'_>, place: &Place) {
    let organization = cx.directory().organization();
    let Some(template) = organization.consent().confirmation() else { return };
    let Ok(rendered) = template.render(&BTreeMap::new()) else { return };
    let message = MessageId::of_notice(cx.command);
    let conversation = place.conversation;
    let content = Content {
        body: Body::Text(Private::new(rendered.body)),
        template: Some(TemplateUse { template: template.id().clone(), version: template.version() }),
        ..Content::default()
    };
    let made = MessageDraft {
        id: message,
        conversation,
        number: place.number.saturating_add(1),
        channel: arrival.entry_point.channel(),
        entry_point: arrival.entry_point.id().clone(),
        address: arrival.from.clone(),
        direction: Direction::Outbound {
            by: Author::System,
            from: arrival.entry_point.sender().into(),
            not_before: None,
            not_after: after(cx.now, organization.timings().delivery().expire_after()),
            basis: Box::new(rules::confirmation_basis(cx.directory())),
            retries: None,
            answers: None,
        },
        content: Arc::new(content),
    };
    draft.then::<Conversation>(Key::conversation(conversation), ConversationEvent::NoticeSent { message });
    let step = Step::Due { at: cx.now };
    draft.begin::<Message>(Key::message(message), MessageEvent::MessageMade { draft: Box::new(made), step });
}
