//! An e-mail by itself: what it is known by, what it names, and where it belongs by that (B7).

use std::borrow::Cow;
use std::sync::Arc;

use super::ReceiveMessage;
use super::mentions::{Mention, Mentioned, Name, Named, follow, reference};
use crate::command::mail_names::{in_ascii, own_message};
use crate::directory::{Directory, EntryPoint};
use crate::engine::{Context, Draft, Stop, View};
use crate::mail::{Automatic, MailHeaders, MailId, OwnId, Report, ThreadingKeys, automatic};
use crate::model::{
    Address, BoundTo, Channel, Conversation, CustomerId, Key, MailTrace, Message, MessageId, ProviderId, Relation,
    Subject, Via,
};
use crate::record::{Record, Reference};
use crate::threading::{Clue, Lead, Names, Quote, bind, quotes};

/// How many things that one mail names are looked up; what is nearest to it comes first.
const MAX_LOOKED_UP: usize = 21;

/// How many mails that a report is about are looked up.
const MAX_REPORTED: usize = 5;

/// What is to be known of an e-mail before any record is looked at.
pub(super) struct Mail {
    /// What is kept of its headers; where it belongs is still to be found.
    trace: MailTrace,
    /// Its subject, as it is compared.
    subject: String,
    is_forward: bool,
    /// What it is known by, where it has a Message-ID.
    name: Option<Name>,
    /// The message of ours that it is, come back.
    itself: Option<MessageId>,
    mentions: Vec<Mention>,
}

/// A report about a message of ours.
pub(super) struct Reported<'a> {
    pub(super) about: MessageId,
    pub(super) report: &'a Report,
    pub(super) trace: MailTrace,
}

impl Mail {
    /// The e-mail in a message, where it is one and its headers or its report are told.
    pub(super) fn of(cx: &Context<'_>, command: &ReceiveMessage, channel: Channel) -> Option<Self> {
        let told = channel == Channel::Email && (command.mail.is_some() || command.report.is_some());
        if !told {
            return None;
        }
        let none = MailHeaders::default();
        let (headers, report) = (command.mail.as_deref().unwrap_or(&none), command.report.as_deref());
        let keys = cx.terms.threading_keys();
        let scope = cx.directory().threading_scope(&command.entry_point);
        let quotes = match report {
            None => quotes(headers, keys, &scope),
            Some(report) => report.original_ids().iter().take(MAX_REPORTED).map(|id| about(keys, &scope, id)).collect(),
        };
        let ends = [headers.in_reply_to.first(), headers.references.first()];
        let mention = |Quote { via, names }| {
            let what = match names {
                Names::Own(message) => Mentioned::Own(message),
                Names::NotValidHere => Mentioned::NotValidHere,
                Names::Id(id) => {
                    Mentioned::Mail { name: Name::of(&command.entry_point, &id), is_end: ends.contains(&Some(&id)) }
                }
            };
            Mention { via, what }
        };
        let id = headers.message_id.as_ref();
        let subject = headers.subject.as_deref().and_then(Subject::lenient);
        let automatic = if report.is_none() { written_by_a_machine(cx.directory(), headers) } else { None };
        Some(Self {
            trace: MailTrace { automatic, report: report.cloned(), ..MailTrace::of(headers) },
            is_forward: subject.as_ref().is_some_and(Subject::is_forward),
            subject: subject.as_ref().map(Subject::normalised).unwrap_or_default(),
            name: id.map(|id| Name::of(&command.entry_point, id)),
            itself: id.and_then(|id| ours(keys, &scope, id)),
            mentions: quotes.into_iter().take(MAX_LOOKED_UP).map(mention).collect(),
        })
    }

    /// What it is known by beside what its provider calls it.
    pub(super) fn name(&self) -> Option<&ProviderId> {
        self.name.as_ref().map(|name| &name.provider)
    }

    /// The records by which it is found out what it names.
    pub(super) fn keys(&self) -> Vec<Key> {
        let itself = self.itself.map(Key::message);
        let named = self.mentions.iter().filter_map(Mention::key);
        let own = self.name.as_ref().map(|name| name.key);
        let mut keys: Vec<Key> = own.into_iter().chain(itself).chain(named).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// B2: the message that it is, where it came before under its Message-ID, or is our own come back; and whether that opened
    /// its conversation.
    pub(super) fn came_before(&self, view: &View) -> Result<Option<(MessageId, bool)>, Stop> {
        view.want(self.keys())?;
        if let Some(own) = self.itself.map(|id| view.glimpse_message(id)).transpose()?.flatten() {
            return Ok(Some((own.id(), false)));
        }
        let Some(name) = &self.name else { return Ok(None) };
        let known = reference(view, name.key)?;
        Ok(known.and_then(|reference| Some((reference.message?, reference.opened))))
    }

    /// The message of ours that it reports about, where it reports and that is known here.
    pub(super) fn reported(
        &self,
        cx: &Context<'_>,
        view: &View,
        entry_point: &EntryPoint,
    ) -> Result<Option<Reported<'_>>, Stop> {
        let Some(report) = &self.trace.report else { return Ok(None) };
        let named = self.named(view)?;
        let ours = named.iter().filter(|named| named.is_sent());
        let clues: Vec<Clue> = ours.map(|named| named.clue(entry_point, |_, _| (Relation::MailSystem, true))).collect();
        let binding = bind(&clues, false, cx.directory().organization().threading());
        let BoundTo::Conversation { message: Some(about), .. } = binding.to else { return Ok(None) };
        let trace = MailTrace { binding, ..self.trace.clone() };
        Ok(Some(Reported { about, report, trace }))
    }

    /// Everything that it names, with the messages and conversations that these lead to.
    pub(super) fn named<'v>(&self, view: &'v View) -> Result<Vec<Named<'v>>, Stop> {
        follow(&self.mentions, view)
    }

    /// B7: where it belongs by what it names and by its sender, and what is kept of its headers.
    pub(super) fn trace(
        &self,
        cx: &Context<'_>,
        entry_point: &EntryPoint,
        (from, customer): (&Address, &CustomerId),
        open: Option<&Arc<Conversation>>,
        named: &[Named<'_>],
    ) -> MailTrace {
        let is_subject_of = |conversation: &Conversation, message: Option<&Message>| {
            let of_message = message.and_then(|message| message.content().subject.as_ref());
            [conversation.subject(), of_message].into_iter().flatten().any(|it| it.normalised() == self.subject)
        };
        let relate = |message: &Message, conversation: &Conversation| {
            let relation = match () {
                () if Key::contact(conversation.address()) == Key::contact(from) => Relation::Customer,
                () if conversation.customer() == customer => Relation::SameCustomer,
                () if message.mail().is_some_and(|mail| mail.went_to(from)) => Relation::Addressed,
                () => Relation::Stranger,
            };
            (relation, is_subject_of(conversation, Some(message)))
        };
        let by_address = open.map(|open| Clue::Leads {
            via: Via::Address,
            to: Lead {
                conversation: open.id(),
                message: None,
                same_entry_point: true,
                relation: Relation::Customer,
                same_subject: is_subject_of(open, None),
            },
        });
        let clues: Vec<Clue> = named.iter().map(|named| named.clue(entry_point, relate)).chain(by_address).collect();
        let binding = bind(&clues, self.is_forward, cx.directory().organization().threading());
        MailTrace { binding, ..self.trace.clone() }
    }

    /// So that other mails which answer the same unknown one find this mail by it: the nearest and the first of those that it names
    /// and that nobody has seen.
    pub(super) fn leave_names(
        &self,
        view: &View,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        mail: MessageId,
    ) -> Result<(), Stop> {
        if self.trace.report.is_some() || self.trace.automatic.is_some() {
            return Ok(());
        }
        for mention in &self.mentions {
            let Mentioned::Mail { name, is_end: true } = &mention.what else { continue };
            if reference(view, name.key)?.is_none() {
                let (entry_point, provider, named_by) = (entry_point.id().clone(), name.provider.clone(), Some(mail));
                let unseen = Reference { named_by, message: None, ..Reference::to(entry_point, provider, mail) };
                draft.put(Record::Reference(unseen.into()));
            }
        }
        Ok(())
    }
}

/// Whether a machine wrote it, as far as its headers tell; ours do not write to ourselves.
fn written_by_a_machine(directory: &Directory, headers: &MailHeaders) -> Option<Automatic> {
    let of_mail = directory.entry_points().filter(|entry_point| entry_point.channel() == Channel::Email);
    let own: Vec<Cow<'_, str>> = of_mail.flat_map(|own| [own.sender().into(), in_ascii(own.sender())]).collect();
    let own: Vec<&str> = own.iter().map(|own| &**own).collect();
    automatic(headers, &own)
}

/// The message of ours that a Message-ID is of, where it was made by us, here.
fn ours(keys: Option<&ThreadingKeys>, scope: &[u8], id: &MailId) -> Option<MessageId> {
    match keys?.read_message_id(scope, id) {
        OwnId::Ours(bits) => Some(own_message(bits)),
        OwnId::NotHere | OwnId::Foreign => None,
    }
}

/// What a report says it is about.
fn about(keys: Option<&ThreadingKeys>, scope: &[u8], id: &MailId) -> Quote {
    match keys.map(|keys| keys.read_message_id(scope, id)) {
        Some(OwnId::Ours(bits)) => Quote { via: Via::OwnMessageId, names: Names::Own(own_message(bits)) },
        Some(OwnId::NotHere) => Quote { via: Via::OwnMessageId, names: Names::NotValidHere },
        Some(OwnId::Foreign) | None => Quote { via: Via::InReplyTo, names: Names::Id(id.clone()) },
    }
}
