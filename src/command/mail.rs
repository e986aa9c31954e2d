//! What an e-mail names, looked up, and where it belongs by that (B7).

use std::sync::Arc;

use uuid::Uuid;

use super::receive::ReceiveMessage;
use crate::directory::{Directory, EntryPoint};
use crate::engine::{Context, Draft, Stop, View};
use crate::mail::{MailHeaders, MailId, OwnId, ParsedMail, Report, automatic, report};
use crate::model::{
    Address, Attachment, Body, BoundTo, Channel, Conversation, ConversationId, CustomerId, Digest, EntryPointId, Key,
    MailTrace, Message, MessageId, Private, ProviderId, Relation, Subject, Via,
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
    named: Vec<Mention>,
}

/// Something that an e-mail names.
struct Mention {
    via: Via,
    what: Mentioned,
}

enum Mentioned {
    /// A message of ours.
    Own(MessageId),
    /// A mail, and whether it is what this one answers or where everything began.
    Mail {
        name: Name,
        is_end: bool,
    },
    NotValidHere,
}

/// What a mail is known by, and the record that is kept under it.
struct Name {
    provider: ProviderId,
    key: Key,
}

/// A report about a message of ours.
pub(super) struct Reported<'a> {
    pub(super) about: MessageId,
    pub(super) report: &'a Report,
    pub(super) trace: MailTrace,
}

/// Something that an e-mail names, and the message that it leads to.
pub(super) struct Named<'v> {
    via: Via,
    leads: Leads<'v>,
}

enum Leads<'v> {
    To(&'v Message, &'v Conversation),
    NotValidHere,
    Nowhere,
}

impl Mail {
    /// The e-mail in a message, where it is one and its headers or its report are told.
    pub(super) fn of(cx: &Context<'_>, command: &ReceiveMessage, channel: Channel) -> Option<Self> {
        let told = channel == Channel::Email && (command.mail.is_some() || command.report.is_some());
        if !told {
            return None;
        }
        let none = MailHeaders::default();
        let headers = command.mail.as_deref().unwrap_or(&none);
        let report = command.report.as_deref();
        let directory = cx.directory();
        let of_mail = directory.entry_points().filter(|entry_point| entry_point.channel() == Channel::Email);
        let own: Vec<&str> = of_mail.map(EntryPoint::sender).collect();
        let automatic = if report.is_none() { automatic(headers, &own) } else { None };
        let (keys, scope) = (cx.terms.threading_keys(), scope(directory, &command.entry_point));
        let itself = headers.message_id.as_ref().and_then(|id| match keys?.read_message_id(&scope, id) {
            OwnId::Ours(bits) => Some(own_message(bits)),
            OwnId::NotHere | OwnId::Foreign => None,
        });
        let named = match report {
            None => quotes(headers, keys, &scope),
            Some(report) => report.original_ids().iter().take(MAX_REPORTED).map(|id| about(cx, &scope, id)).collect(),
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
        let named = named.into_iter().take(MAX_LOOKED_UP).map(mention).collect();
        let name = headers.message_id.as_ref().map(|id| Name::of(&command.entry_point, id));
        let subject = headers.subject.as_deref().and_then(Subject::lenient);
        let is_forward = subject.as_ref().is_some_and(Subject::is_forward);
        let subject = subject.as_ref().map(Subject::normalised).unwrap_or_default();
        let trace = MailTrace { automatic, report: report.cloned(), ..MailTrace::of(headers) };
        Some(Self { trace, subject, is_forward, name, itself, named })
    }

    /// What it is known by beside what its provider calls it.
    pub(super) fn name(&self) -> Option<&ProviderId> {
        self.name.as_ref().map(|name| &name.provider)
    }

    /// The records by which it is found out what it names.
    pub(super) fn keys(&self) -> Vec<Key> {
        let itself = self.itself.map(Key::message);
        let named = self.named.iter().filter_map(Mention::key);
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
        if let Some(own) = self.itself.map(|id| message(view, id)).transpose()?.flatten() {
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
        let ours = named.iter().filter(|named| matches!(named.leads, Leads::To(message, _) if !message.is_inbound()));
        let clues: Vec<Clue> = ours.map(|named| named.clue(entry_point, |_, _| (Relation::MailSystem, true))).collect();
        let binding = bind(&clues, false, cx.directory().organization().threading());
        let BoundTo::Conversation { message: Some(about), .. } = binding.to else { return Ok(None) };
        let trace = MailTrace { binding, ..self.trace.clone() };
        Ok(Some(Reported { about, report, trace }))
    }

    /// Everything that it names, with the messages and conversations that these lead to.
    pub(super) fn named<'v>(&self, view: &'v View) -> Result<Vec<Named<'v>>, Stop> {
        view.want(self.keys())?;
        let mut ids: Vec<(Via, Option<Option<MessageId>>)> = Vec::with_capacity(self.named.len());
        for Mention { via, what } in &self.named {
            let id = match what {
                Mentioned::Own(id) => Some(Some(*id)),
                Mentioned::Mail { name, .. } => {
                    Some(reference(view, name.key)?.and_then(|it| it.message.or(it.named_by)))
                }
                Mentioned::NotValidHere => None,
            };
            ids.push((*via, id));
        }
        let known = || ids.iter().filter_map(|(_, id)| id.flatten());
        view.want(known().map(Key::message))?;
        let mut conversations = Vec::new();
        for id in known() {
            conversations.extend(message(view, id)?.map(|message| Key::conversation(message.conversation())));
        }
        view.want(conversations)?;
        ids.iter()
            .map(|(via, id)| {
                let leads = match id {
                    None => Leads::NotValidHere,
                    Some(None) => Leads::Nowhere,
                    Some(Some(id)) => match message(view, *id)? {
                        Some(message) => match conversation(view, message.conversation())? {
                            Some(conversation) => Leads::To(message, conversation),
                            None => Leads::Nowhere,
                        },
                        None => Leads::Nowhere,
                    },
                };
                Ok(Named { via: *via, leads })
            })
            .collect()
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
        for mention in &self.named {
            let Mentioned::Mail { name, is_end: true } = &mention.what else { continue };
            if reference(view, name.key)?.is_none() {
                let (entry_point, provider, named_by) = (entry_point.id().clone(), name.provider.clone(), Some(mail));
                let unseen = Reference { entry_point, provider, message: None, opened: false, early: None, named_by };
                draft.put(Record::Reference(unseen.into()));
            }
        }
        Ok(())
    }
}

impl Mention {
    fn key(&self) -> Option<Key> {
        match &self.what {
            Mentioned::Own(message) => Some(Key::message(*message)),
            Mentioned::Mail { name, .. } => Some(name.key),
            Mentioned::NotValidHere => None,
        }
    }
}

impl Name {
    /// The key stays a digest that nobody finds a second text for: strangers choose these ids, and one made to fall on the key of
    /// another's mail would have that taken for one that came before.
    fn of(entry_point: &EntryPointId, id: &MailId) -> Self {
        let provider = name_of(id);
        let key = Key::reference(entry_point, &provider);
        Self { provider, key }
    }
}

impl Named<'_> {
    fn clue(&self, reached: &EntryPoint, relate: impl Fn(&Message, &Conversation) -> (Relation, bool)) -> Clue {
        let via = self.via;
        match self.leads {
            Leads::NotValidHere => Clue::NotValidHere { via },
            Leads::Nowhere => Clue::Unknown { via },
            Leads::To(message, conversation) => {
                let (relation, same_subject) = relate(message, conversation);
                let same_entry_point = message.draft().entry_point == *reached.id();
                let (conversation, message) = (conversation.id(), Some(message.id()));
                Clue::Leads { via, to: Lead { conversation, message, same_entry_point, relation, same_subject } }
            }
        }
    }
}

/// Where own ids hold: one entry point of one organization.
pub(super) fn scope(directory: &Directory, entry_point: &EntryPointId) -> Vec<u8> {
    let organization = directory.organization().id().as_str().as_bytes();
    let length = (organization.len() as u64).to_be_bytes();
    [length.as_slice(), organization, entry_point.as_str().as_bytes()].concat()
}

/// B2: what a mail is known by beside what its provider calls it: its Message-ID, or where that is longer than an id may be, a
/// digest of it.
pub(super) fn name_of(id: &MailId) -> ProviderId {
    ProviderId::parse(id.as_str()).unwrap_or_else(|_| ProviderId::of_mail(Digest::of(&[id.as_str().as_bytes()])))
}

/// What a report says it is about.
fn about(cx: &Context<'_>, scope: &[u8], id: &MailId) -> Quote {
    match cx.terms.threading_keys().map(|keys| keys.read_message_id(scope, id)) {
        Some(OwnId::Ours(bits)) => Quote { via: Via::OwnMessageId, names: Names::Own(own_message(bits)) },
        Some(OwnId::NotHere) => Quote { via: Via::OwnMessageId, names: Names::NotValidHere },
        Some(OwnId::Foreign) | None => Quote { via: Via::InReplyTo, names: Names::Id(id.clone()) },
    }
}

fn own_message(bits: [u8; 16]) -> MessageId {
    Uuid::from_bytes(bits).into()
}

fn reference(view: &View, key: Key) -> Result<Option<&Reference>, Stop> {
    Ok(match view.glimpse(key)? {
        Some(Record::Reference(reference)) => Some(reference),
        _ => None,
    })
}

fn message(view: &View, id: MessageId) -> Result<Option<&Message>, Stop> {
    Ok(match view.glimpse(Key::message(id))? {
        Some(Record::Message(message)) => Some(message),
        _ => None,
    })
}

fn conversation(view: &View, id: ConversationId) -> Result<Option<&Conversation>, Stop> {
    Ok(match view.glimpse(Key::conversation(id))? {
        Some(Record::Conversation(conversation)) => Some(conversation),
        _ => None,
    })
}

impl ReceiveMessage {
    /// An e-mail as it came in: from whom it says, known by its Message-ID, or where it has none by a digest of it.
    ///
    /// The host keeps the files; each is located by the mail's provider id, `#` and its number in the mail, from 1, until the host says
    /// otherwise. A mail that names no author is from nobody, and is received only where it reports about a message of ours.
    #[must_use]
    pub fn from_mail(entry_point: EntryPointId, mail: &ParsedMail) -> Self {
        let headers = &mail.headers;
        let provider = match &headers.message_id {
            Some(id) => name_of(id),
            None => ProviderId::of_mail(digest(mail)),
        };
        let body = match &mail.html {
            Some(html) => Body::Html(Private::new(html.clone())),
            None => Body::Text(Private::new(mail.text.clone())),
        };
        let attachments = mail.attachments.iter().zip(1..).map(|(file, number): (_, usize)| Attachment {
            name: Private::new(file.name.clone().unwrap_or_default()),
            media_type: file.media_type.clone(),
            size: file.bytes.len() as u64,
            location: Private::new(format!("{provider}#{number}")),
            content_id: file.content_id.clone(),
        });
        Self {
            entry_point,
            from: headers.author().map(|author| author.address.clone()).unwrap_or_default().into(),
            customer: None,
            subject: headers.subject.clone().map(Private::new),
            body,
            attachments: attachments.collect(),
            mail: Some(Box::new(headers.clone())),
            report: report(mail).map(Box::new),
            provider,
        }
    }
}

/// A mail without a Message-ID is known again by all that it says.
fn digest(mail: &ParsedMail) -> Digest {
    let headers = &mail.headers;
    let author = headers.author().map(|author| author.address.as_bytes()).unwrap_or_default();
    let date = headers.date.map(|date| date.timestamp().to_be_bytes()).unwrap_or_default();
    let subject = headers.subject.as_deref().unwrap_or_default().as_bytes();
    let html = mail.html.as_deref().unwrap_or_default().as_bytes();
    let said = [author, date.as_slice(), subject, mail.text.as_bytes(), html];
    let parts = said.into_iter().chain(mail.attachments.iter().map(|file| file.bytes.as_slice()));
    Digest::of(&parts.collect::<Vec<_>>())
}
