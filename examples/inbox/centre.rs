//! What the library would do with the mail of one entry point: whose conversation each belongs to.

use std::collections::{BTreeMap, BTreeSet};

use outbound::directory::ThreadingPolicy;
use outbound::mail::{MailHeaders, MailId, ParsedMail, Report};
use outbound::model::{Binding, BoundTo, ConversationId, MessageId, Relation, Subject, Via};
use outbound::threading::{Clue, Lead, Names, bind, quotes};
use uuid::Uuid;

/// The address that most mail went to.
pub(crate) fn guess_entry_point(mails: &[ParsedMail]) -> String {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mails {
        let to: BTreeSet<String> =
            mail.headers.to.iter().chain(&mail.headers.cc).map(|to| folded(&to.address)).collect();
        for address in to {
            *count.entry(address).or_default() += 1;
        }
    }
    count.into_iter().max_by_key(|(_, times)| *times).map(|(address, _)| address).unwrap_or_default()
}

fn folded(address: &str) -> String {
    address.to_lowercase()
}

/// Where a mail went.
pub(crate) struct Place {
    /// Its conversation's number; none where it was held back, or is a report on nothing that is known.
    pub(crate) conversation: Option<usize>,
    /// Whether it is the first of it.
    pub(crate) is_new: bool,
    /// Whether it went out from the entry point.
    pub(crate) is_ours: bool,
    pub(crate) binding: Binding,
}

/// One conversation with one customer address.
struct Conversation {
    customer: String,
    subject: String,
    /// Everybody whom its mails were addressed or copied to.
    people: BTreeSet<String>,
}

/// The conversations of one entry point; none is ever closed.
pub(crate) struct Centre {
    entry_point: String,
    conversations: Vec<Conversation>,
    by_customer: BTreeMap<String, usize>,
    by_id: BTreeMap<MailId, (usize, MessageId)>,
    mails: u128,
    policy: ThreadingPolicy,
}

impl Centre {
    pub(crate) fn new(entry_point: &str) -> Self {
        Self {
            entry_point: folded(entry_point),
            conversations: Vec::new(),
            by_customer: BTreeMap::new(),
            by_id: BTreeMap::new(),
            mails: 0,
            policy: ThreadingPolicy::default(),
        }
    }

    /// Takes one mail in, in the order of their arrival.
    pub(crate) fn take(&mut self, mail: &ParsedMail, report: Option<&Report>) -> Place {
        self.mails += 1;
        let headers = &mail.headers;
        let author = headers.author().map(|author| folded(&author.address)).unwrap_or_default();
        let is_ours = author == self.entry_point && !author.is_empty();
        let customer = if is_ours { self.addressee(headers) } else { author };
        let subject = headers.subject.as_deref().and_then(Subject::lenient);
        let is_forward = subject.as_ref().is_some_and(Subject::is_forward);
        let normalised = subject.as_ref().map(Subject::normalised).unwrap_or_default();
        let clues = self.clues(headers, report, &customer, &normalised);
        let binding = bind(&clues, is_forward, &self.policy);
        let (conversation, is_new) = match &binding.to {
            BoundTo::Conversation { conversation, .. } => (Some(number(*conversation)), false),
            BoundTo::Nothing if report.is_none() => (Some(self.open(customer, normalised)), true),
            BoundTo::Nothing | BoundTo::Quarantine => (None, false),
        };
        if let Some(number) = conversation {
            self.remember(number, headers);
        }
        Place { conversation, is_new, is_ours, binding }
    }

    /// Whom a mail of ours is for.
    fn addressee(&self, headers: &MailHeaders) -> String {
        let others = headers.to.iter().chain(&headers.cc).map(|to| folded(&to.address));
        others.into_iter().find(|address| *address != self.entry_point).unwrap_or_default()
    }

    fn clues(&self, headers: &MailHeaders, report: Option<&Report>, customer: &str, subject: &str) -> Vec<Clue> {
        if let Some(report) = report {
            let ids = original_ids(report).iter();
            return ids.map(|id| self.look_up(Via::InReplyTo, id, |_| Relation::MailSystem, subject)).collect();
        }
        let relation = |conversation: &Conversation| {
            if conversation.customer == customer {
                Relation::Customer
            } else if conversation.people.contains(customer) {
                Relation::Addressed
            } else {
                Relation::Stranger
            }
        };
        let quoted = quotes(headers, None, b"").into_iter().filter_map(|quote| match quote.names {
            Names::Id(id) => Some(self.look_up(quote.via, &id, relation, subject)),
            _ => None,
        });
        let by_address = self
            .by_customer
            .get(customer)
            .map(|number| Clue::Leads { via: Via::Address, to: self.lead(*number, None, Relation::Customer, subject) });
        quoted.chain(by_address).collect()
    }

    fn look_up(&self, via: Via, id: &MailId, relation: impl Fn(&Conversation) -> Relation, subject: &str) -> Clue {
        let known = self
            .by_id
            .get(id)
            .and_then(|(number, message)| Some((self.conversations.get(*number)?, *number, *message)));
        match known {
            Some((conversation, number, message)) => {
                Clue::Leads { via, to: self.lead(number, Some(message), relation(conversation), subject) }
            }
            None => Clue::Unknown { via },
        }
    }

    fn lead(&self, number: usize, message: Option<MessageId>, relation: Relation, subject: &str) -> Lead {
        let same_subject = self.conversations.get(number).is_some_and(|conversation| conversation.subject == subject);
        Lead { conversation: id(number), message, same_entry_point: true, relation, same_subject }
    }

    fn open(&mut self, customer: String, subject: String) -> usize {
        let number = self.conversations.len();
        if !customer.is_empty() {
            self.by_customer.insert(customer.clone(), number);
        }
        self.conversations.push(Conversation { customer, subject, people: BTreeSet::new() });
        number
    }

    fn remember(&mut self, number: usize, headers: &MailHeaders) {
        if let Some(id) = &headers.message_id {
            let message = MessageId::from(Uuid::from_u128(self.mails));
            self.by_id.entry(id.clone()).or_insert((number, message));
        }
        if let Some(conversation) = self.conversations.get_mut(number) {
            let people = headers.to.iter().chain(&headers.cc).map(|person| folded(&person.address));
            conversation.people.extend(people.filter(|person| *person != self.entry_point).take(50));
        }
    }
}

/// The ids of the mail that a report is about.
pub(crate) fn original_ids(report: &Report) -> &[MailId] {
    match report {
        Report::Delivery(report) => &report.original_ids,
        Report::Read(receipt) => &receipt.original_ids,
        Report::Complaint(complaint) => &complaint.original_ids,
        _ => &[],
    }
}

fn id(number: usize) -> ConversationId {
    Uuid::from_u128(number as u128).into()
}

fn number(id: ConversationId) -> usize {
    usize::try_from(id.as_uuid().as_u128()).unwrap_or_default()
}
