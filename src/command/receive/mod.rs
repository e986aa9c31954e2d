//! Receiving a customer's message, in a conversation or out of one (R26, R34, R39, B1, B2, B5, B7, B13).

mod bounce;
mod from_mail;
mod keyword;
mod mail;
mod mentions;
mod place;
mod written;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::bounce::take_in;
use self::keyword::heed;
use self::mail::{Mail, Reported};
use self::place::{Arrival, Manner, Place, note, place};
use self::written::{Kept, outcome_of};
use super::resolve::resolve;
use super::send::use_of;
use crate::directory::EntryPoint;
use crate::engine::{Command, Context, Draft, Remember, Stop, View, sealed, traces, unused};
use crate::mail::{MailHeaders, Report};
use crate::model::{
    Address, AddressError, Attachment, Body, Channel, Contact, ContactEvent, CustomerId, EntryPointId, Key, MessageId,
    Private, ProviderId, Recipient, Subject,
};
use crate::policy::rules;
use crate::record::{Actor, Received, Record};
use crate::sms::Keyword;

/// A customer's message came in at an entry point (R26).
///
/// A text message that as a whole is a keyword (B5) is written down as the customer's wish in the same commit. Like any other
/// message it reaches the conversation that is open; where none is, a word about consent makes no work for a queue: it goes to the
/// thread's newest conversation, which stays closed, or to one that is closed at once. The set-up's confirmation of an opt-out
/// goes out with it.
///
/// An e-mail with its headers joins the conversation that it names, where nothing speaks against it (B7): another address of the
/// customer, or somebody who had a copy, joins that one and not one of their own, and answers go to the conversation's address as
/// before; a stranger never does. What no person wrote wakes nothing and makes no work for a queue, and a report about a message of
/// ours tells how far that got.
///
/// The sender must be an address that can be written back to: a message from a short code or from a name instead of a number
/// is refused, and stays with the host.
///
/// Refused with `entry_point.unknown`, `address.no_country_code`, `address.not_a_number`,
/// `address.number_not_valid`, `address.not_an_email`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveMessage {
    /// The entry point that it reached.
    pub entry_point: EntryPointId,
    /// The address that it came from.
    pub from: Recipient,
    /// What the provider calls it: received twice under one id, it is one message (B2). A text message may have the id of one that
    /// was sent.
    pub provider: ProviderId,
    /// The customer, where the host knows who it is and the address was never seen; an address that was seen keeps its customer.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The subject, on e-mail; kept as far as it is one.
    #[serde(default)]
    pub subject: Option<Private<String>>,
    /// What it says; HTML is cleaned where the terms have a cleaner, and what goes beyond the set-up's limits is cut off and flagged.
    pub body: Body,
    /// Its attachments; parts with a Content-ID are kept, and flagged by having one (R34).
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// What its headers say, on e-mail (B7).
    #[serde(default)]
    pub mail: Option<Box<MailHeaders>>,
    /// What it reports about a mail of ours, if it does (B7).
    #[serde(default)]
    pub report: Option<Box<Report>>,
}

impl sealed::Sealed for ReceiveMessage {}

impl Command for ReceiveMessage {
    type Output = Received;
    const NAME: &'static str = "receive_message";

    fn actor(&self) -> Actor {
        Actor::Customer
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let channel = cx.directory().entry_point(&self.entry_point).map(EntryPoint::channel);
        let said = channel.map(|channel| self.said(cx, channel));
        let from = said.as_ref().and_then(|said| said.from.as_ref().ok()).map(Key::contact);
        let named = said.as_ref().and_then(|said| said.mail.as_ref()).map(Mail::keys).unwrap_or_default();
        self.names(channel).chain(traces(cx.command)).chain(from).chain(named).collect()
    }

    fn remember(&self) -> Remember {
        Remember::State
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Received, Stop> {
        for name in self.names(cx.directory().entry_point(&self.entry_point).map(EntryPoint::channel)) {
            if let Some(Record::Reference(reference)) = view.record(name)?
                && let Some(known) = reference.message
            {
                return outcome_of(cx, view, known, reference.opened);
            }
        }
        unused(view, cx.command)?;
        let entry_point = rules::needed_entry_point(&mut draft.checks, cx.directory(), &self.entry_point)?;
        let said = self.said(cx, entry_point.channel());
        if let Some(mail) = &said.mail {
            if let Some((known, opened)) = mail.came_before(view)? {
                return outcome_of(cx, view, known, opened);
            }
            if let Some(reported) = mail.reported(cx, view, entry_point)? {
                return self.take_report(cx, view, draft, entry_point, &said, reported);
            }
        }
        let from = rules::sender(&mut draft.checks, said.from.clone(), entry_point.channel());
        draft.checks.all_hold()?;
        let Some(from) = from else { return Err(Stop::NotLoaded) };
        self.take(cx, view, draft, entry_point, &said, &from)
    }
}

/// What a message says by itself, whatever is on record.
struct Said {
    from: Result<Address, AddressError>,
    subject: Option<Subject>,
    mail: Option<Mail>,
}

impl ReceiveMessage {
    /// A message of plain text, without anything special.
    #[must_use]
    pub fn text(
        entry_point: EntryPointId,
        from: impl Into<Recipient>,
        provider: ProviderId,
        text: impl Into<String>,
    ) -> Self {
        let body = Body::Text(Private::new(text.into()));
        Self {
            entry_point,
            from: from.into(),
            provider,
            customer: None,
            subject: None,
            body,
            attachments: Vec::new(),
            mail: None,
            report: None,
        }
    }

    /// The same message, an e-mail with what its headers say (B7).
    #[must_use]
    pub fn with_headers(mut self, headers: MailHeaders) -> Self {
        self.mail = Some(Box::new(headers));
        self
    }

    /// The same message, an e-mail that reports about one of ours (B7).
    #[must_use]
    pub fn with_report(mut self, report: Report) -> Self {
        self.report = Some(Box::new(report));
        self
    }

    /// The same message with files.
    #[must_use]
    pub fn with_attachments(mut self, attachments: impl IntoIterator<Item = Attachment>) -> Self {
        self.attachments.extend(attachments);
        self
    }

    /// The same message, from a customer whom the host knows; it says nothing new of an address that was seen before.
    #[must_use]
    pub fn from_customer(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    /// The same message under a subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(Private::new(subject.into()));
        self
    }

    /// B2: the records by which the message is known again; either, where the set-up has its entry point no more.
    fn names(&self, channel: Option<Channel>) -> impl Iterator<Item = Key> + use<> {
        let text = channel != Some(Channel::Email);
        let mail = channel.is_none_or(|channel| channel == Channel::Email);
        let text = text.then(|| Key::received(&self.entry_point, &self.provider));
        text.into_iter().chain(mail.then(|| Key::reference(&self.entry_point, &self.provider)))
    }

    /// What the message says, worked out once.
    fn said(&self, cx: &Context<'_>, channel: Channel) -> Arc<Said> {
        cx.once(|| Said {
            from: self.from.resolve_sender(channel, cx.numbers()),
            subject: self.subject(channel),
            mail: Mail::of(cx, self, channel),
        })
    }

    /// R27: subjects are a matter of e-mail.
    fn subject(&self, channel: Channel) -> Option<Subject> {
        let given = self.subject.as_ref().filter(|_| channel == Channel::Email)?;
        Subject::lenient(given.expose())
    }

    /// B5: what the message asks for, where as a whole it is a keyword: by text message only.
    fn keyword(&self, cx: &Context<'_>, channel: Channel) -> Option<Keyword> {
        match (channel, &self.body) {
            (Channel::Sms, Body::Text(text)) => cx.directory().organization().consent().keywords().of(text.expose()),
            _ => None,
        }
    }

    /// R26: the message goes where its address and its headers lead, and is heeded for what it asks.
    fn take(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        said: &Said,
        from: &Address,
    ) -> Result<Received, Stop> {
        let (subject, mail) = (said.subject.as_ref(), said.mail.as_ref());
        // What the address leads to, what the mail names and what is known of its subject are asked for at once.
        let found = resolve(cx, view, &self.entry_point, from);
        let named = mail.map(|mail| mail.named(view)).transpose();
        let used = view.contact(from)?.zip(subject).map(|(contact, subject)| use_of(contact.customer(), subject));
        let asked = view.want(used);
        let (found, named, ()) = (found?, named?, asked?);

        let customer = found.customer(cx, self.customer.as_ref());
        let keyword = self.keyword(cx, entry_point.channel());
        let trace = mail.zip(named);
        let trace = trace.map(|(mail, named)| mail.trace(cx, entry_point, (from, &customer), found.open, &named));
        let binding = trace.as_ref().map(|trace| &trace.binding);
        draft.binding = binding.cloned();
        let (manner, bound) = (Manner::of(keyword, trace.as_ref()), binding.map(|binding| binding.to));
        let (message, customer) = (self, &customer);
        let arrival = Arrival { message, entry_point, from, customer, subject, keyword, manner, found: &found, bound };
        let place = place(cx, view, draft, &arrival)?;
        if let Some(mail) = mail {
            mail.leave_names(view, draft, entry_point, MessageId::of(cx.command))?;
        }
        if found.contact.is_none() && !place.opened {
            let made = ContactEvent::ContactMade { address: from.clone(), customer: customer.clone() };
            draft.begin::<Contact>(Key::contact(from), made);
        }
        let kept = Kept { place: &place, address: from.clone(), keyword, mail: trace };
        let received = self.write_down(cx, draft, entry_point, said, kept);
        if manner != Manner::Machine {
            heed(cx, view, draft, &arrival, &place)?;
        }
        Ok(received)
    }

    /// B7: what is told of a message of ours is kept beside it, and makes no work.
    fn take_report(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        said: &Said,
        Reported { about, report, trace }: Reported<'_>,
    ) -> Result<Received, Stop> {
        draft.binding = Some(trace.binding.clone());
        let about = view.named_message(about)?;
        let conversation = view.named_conversation(about.conversation())?;
        take_in(cx, view, draft, about, report)?;
        note(cx, draft, conversation);
        let place = Place::in_conversation(conversation, &self.entry_point);
        let address = about.draft().address.clone();
        let kept = Kept { place: &place, address, keyword: None, mail: Some(trace) };
        Ok(self.write_down(cx, draft, entry_point, said, kept))
    }
}
