//! An e-mail that comes in: which conversation is it of, by what its headers name; and the whole of receiving it.

use std::collections::HashMap;
use std::hint::black_box;
use std::ops::Range;

use mail_parser::{HeaderValue, MessageParser};
use outbound::command::ReceiveMessage;
use outbound::directory::ThreadingPolicy;
use outbound::mail::{MailHeaders, MailId, read_mail};
use outbound::model::{BoundTo, CommandId, ConversationId, MessageId, Relation, Subject};
use outbound::threading::{Clue, Lead, Names, bind, quotes};

use crate::by_hand;
use crate::centre::{Centre, Outcome, command_id, none};
use crate::half::{HALF, Side};
use crate::measure::{Pieces, Scale};
use crate::table::{Unit, alone, heading, row};

/// Two microseconds.
const FROM_HEADERS: f64 = 2_000.0;

/// A conversation, as a host knows it.
#[derive(Debug)]
struct Conversation {
    id: ConversationId,
    customer: String,
    subject: String,
}

/// All conversations, and the mails that lead to them.
#[derive(Debug, Default)]
struct Book {
    conversations: Vec<Conversation>,
    by_id: HashMap<MailId, (usize, MessageId)>,
    /// The floor's own.
    by_text: HashMap<String, usize>,
}

pub(crate) fn run(scale: Scale) -> Outcome {
    let threads = scale.pick(1_000, 100_000, 1_000_000);
    let each = scale.pick(100, 2_000, 2_000);
    heading(&format!("e-mail to its conversation, among {threads} threads"), "floor");
    let book = Book::of(threads)?;
    let mut found = [(); 6].map(|()| Pieces::default());
    for piece in 0..20 {
        let numbers = (piece * each..(piece + 1) * each).map(|number: u32| number.wrapping_mul(0x9e37_79b1) % threads);
        let raw: Vec<String> = numbers.map(reply).collect();
        let headers: Vec<MailHeaders> = raw.iter().map(|raw| MailHeaders::from_raw(raw.as_bytes())).collect();
        let ids: Vec<Vec<&str>> = headers.iter().map(named).collect();
        let [by_ids, by_headers, by_parser, by_mail, by_parsed_headers, by_raw_headers] = &mut found;
        let lost = by_ids.add(each, || ids.iter().filter(|ids| book.look_up(ids.iter().copied()).is_none()).count());
        none("mails were lost by the floor", lost)?;
        let lost = by_headers.add(each, || headers.iter().filter(|headers| book.bound(headers).is_none()).count());
        none("mails were lost", lost)?;
        let lost = by_parser.add(each, || raw.iter().filter(|raw| book.parsed(raw).is_none()).count());
        none("raw mails were lost by the floor", lost)?;
        let read = |raw: &&String| book.bound(&black_box(read_mail(raw.as_bytes())).headers).is_none();
        let lost = by_mail.add(each, || raw.iter().filter(read).count());
        none("raw mails were lost", lost)?;
        let lost = by_parsed_headers.add(each, || raw.iter().filter(|raw| book.parsed_headers(raw).is_none()).count());
        none("raw headers were lost by the floor", lost)?;
        let read = |raw: &&String| book.bound(&MailHeaders::from_raw(raw.as_bytes())).is_none();
        let lost = by_raw_headers.add(each, || raw.iter().filter(read).count());
        none("raw headers were lost", lost)?;
    }
    let [by_ids, by_headers, by_parser, by_mail, by_parsed_headers, by_raw_headers] =
        found.map(|pieces| pieces.median());
    row("from parsed headers; the floor looks up each id", Unit::Nanoseconds, by_ids, by_headers, None);
    alone("  from parsed headers", Unit::Nanoseconds, by_headers, Some(FROM_HEADERS));
    row("from the raw mail; the floor is mail-parser", Unit::Nanoseconds, by_parser, by_mail, Some(2.0));
    row("from raw headers alone", Unit::Nanoseconds, by_parsed_headers, by_raw_headers, Some(2.0));
    whole(threads, each)
}

/// Conversations by what the parsed headers of replies name, for who counts instructions.
pub(crate) fn by_headers(side: Side, times: u32) -> Outcome {
    let (book, raw) = (Book::of(2 * HALF)?, replies());
    let headers: Vec<MailHeaders> = raw.iter().map(|raw| MailHeaders::from_raw(raw.as_bytes())).collect();
    let ids: Vec<Vec<&str>> = headers.iter().map(named).collect();
    let times = usize::try_from(times)?;
    let lost = match side {
        Side::Floor => ids.iter().take(times).filter(|ids| book.look_up(ids.iter().copied()).is_none()).count(),
        Side::Library => headers.iter().take(times).filter(|headers| book.bound(headers).is_none()).count(),
    };
    none("mails were lost", lost)
}

/// Conversations by raw replies, for who counts instructions.
pub(crate) fn by_raw_mail(side: Side, times: u32) -> Outcome {
    let (book, raw) = (Book::of(2 * HALF)?, replies());
    let raw = raw.iter().take(usize::try_from(times)?);
    let lost = match side {
        Side::Floor => raw.filter(|raw| book.parsed(raw).is_none()).count(),
        Side::Library => raw.filter(|raw| book.bound(&black_box(read_mail(raw.as_bytes())).headers).is_none()).count(),
    };
    none("raw mails were lost", lost)
}

/// Replies, as many as two halves.
fn replies() -> Vec<String> {
    (0..2 * HALF).map(reply).collect()
}

/// The whole of receiving replies that are parsed, for who counts instructions.
pub(crate) fn by_received(side: Side, times: u32) -> Outcome {
    let centres: &'static Centres = Box::leak(Box::new(Centres::with_customers(2 * HALF)?));
    let replies = centres.replies(0..2 * HALF)?;
    let replies = replies.iter().take(usize::try_from(times)?);
    let lost = match side {
        Side::Floor => replies.filter(|reply| !centres.by_floor(reply)).count(),
        Side::Library => replies.filter(|reply| !centres.by_library(reply)).count(),
    };
    none("replies did not join their conversations", lost)
}

/// The whole of receiving a reply that is parsed, on the store in memory.
fn whole(threads: u32, each: u32) -> Outcome {
    let centres = Centres::with_customers(threads)?;
    let (mut put, mut received) = (Pieces::default(), Pieces::default());
    for piece in 0..20.min(threads / each) {
        let replies = centres.replies(piece * each..(piece + 1) * each)?;
        let lost = || replies.iter().filter(|reply| !centres.by_floor(reply)).count();
        none("replies did not join their conversations by the floor", put.add(each, lost))?;
        let lost = || replies.iter().filter(|reply| !centres.by_library(reply)).count();
        none("replies did not join their conversations", received.add(each, lost))?;
    }
    row("received, parsed before: written down", Unit::Nanoseconds, put.median(), received.median(), None);
    Ok(())
}

/// The library and the floor, to which so many customers wrote once.
#[derive(Debug)]
struct Centres {
    floor: by_hand::centre::Centre,
    library: Centre,
    customers: u32,
}

/// A mail that is parsed.
#[derive(Debug)]
struct Parsed {
    number: u32,
    customer: u32,
    id: CommandId,
    mail: ReceiveMessage,
}

impl Parsed {
    fn of(number: u32, customer: u32, raw: &str) -> Outcome<Self> {
        let mail = ReceiveMessage::from_mail("mail".parse()?, &read_mail(raw.as_bytes()));
        Ok(Self { number, customer, id: command_id(6, number), mail })
    }
}

impl Centres {
    fn with_customers(customers: u32) -> Outcome<Self> {
        let centres =
            Self { floor: by_hand::centre::Centre::with_agents(0), library: Centre::with_agents(0)?, customers };
        for number in 0..customers {
            let first = Parsed::of(number, number, &first(number))?;
            none("mails were lost by the floor", usize::from(!centres.by_floor(&first)))?;
            centres.library.desk.run(first.id, &first.mail)?;
        }
        Ok(centres)
    }

    fn replies(&self, customers: Range<u32>) -> Outcome<Vec<Parsed>> {
        customers.map(|number| Parsed::of(self.customers + number, number, &reply(number))).collect()
    }

    /// The floor: looks up what the mail names, and writes it down as it does a text message; whether it could.
    fn by_floor(&self, Parsed { number, customer, mail, .. }: &Parsed) -> bool {
        let named = mail.mail.iter().flat_map(|headers| headers.in_reply_to.iter().chain(&headers.references));
        black_box(named.filter(|id| self.floor.named(1, id.as_str()).is_some()).count());
        let from = by_hand::centre::address(*customer);
        self.floor.receive(*number, from, mail.provider.as_str(), mail.body.expose()).is_some()
    }

    /// Whether a reply joined its conversation.
    fn by_library(&self, reply: &Parsed) -> bool {
        self.library.desk.run(reply.id, &reply.mail).is_ok_and(|it| !it.opened)
    }
}

impl Book {
    fn of(threads: u32) -> Outcome<Self> {
        let mut book = Self::default();
        for number in 0..threads {
            let place = book.conversations.len();
            let command = command_id(1, number);
            let conversation = Conversation {
                id: ConversationId::of(command),
                customer: customer(number),
                subject: subject(number).to_lowercase(),
            };
            book.conversations.push(conversation);
            for id in [first_id(number), answer_id(number)] {
                book.by_id.insert(MailId::parse(&id)?, (place, MessageId::of(command)));
                book.by_text.insert(id, place);
            }
        }
        Ok(book)
    }

    /// The floor: the first id that is known.
    fn look_up<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Option<usize> {
        let mut known = ids.filter_map(|id| self.by_text.get(id));
        let first = known.next().copied();
        black_box(known.count());
        first
    }

    /// The floor from the raw mail.
    fn parsed(&self, raw: &str) -> Option<usize> {
        let message = MessageParser::default().parse(raw.as_bytes())?;
        black_box(message.body_text(0));
        self.look_up(texts(message.in_reply_to()).chain(texts(message.references())))
    }

    /// The floor from the raw headers alone.
    fn parsed_headers(&self, raw: &str) -> Option<usize> {
        let message = MessageParser::default().parse_headers(raw.as_bytes())?;
        self.look_up(texts(message.in_reply_to()).chain(texts(message.references())))
    }

    /// The library, with the host's own book: what the mail names, where it leads, what is made of it.
    fn bound(&self, headers: &MailHeaders) -> Option<ConversationId> {
        let subject = headers.subject.as_deref().and_then(Subject::lenient);
        let normalised = subject.as_ref().map(Subject::normalised).unwrap_or_default();
        let author = headers.author().map(|author| author.address.as_str()).unwrap_or_default();
        let clues: Vec<Clue> = quotes(headers, None, b"bench")
            .into_iter()
            .filter_map(|quote| {
                let Names::Id(id) = quote.names else { return None };
                let Some((place, message)) = self.by_id.get(&id) else { return Some(Clue::Unknown { via: quote.via }) };
                let conversation = self.conversations.get(*place)?;
                let same = conversation.customer == author;
                let to = Lead {
                    conversation: conversation.id,
                    message: Some(*message),
                    same_entry_point: true,
                    relation: if same { Relation::Customer } else { Relation::Stranger },
                    same_subject: conversation.subject == normalised,
                };
                Some(Clue::Leads { via: quote.via, to })
            })
            .collect();
        let forwarded = subject.as_ref().is_some_and(Subject::is_forward);
        match bind(&clues, forwarded, &ThreadingPolicy::default()).to {
            BoundTo::Conversation { conversation, .. } => Some(conversation),
            BoundTo::Nothing | BoundTo::Quarantine => None,
        }
    }
}

fn named(headers: &MailHeaders) -> Vec<&str> {
    headers.in_reply_to.iter().chain(&headers.references).map(MailId::as_str).collect()
}

fn texts<'a>(header: &'a HeaderValue<'_>) -> impl Iterator<Item = &'a str> {
    let one = header.as_text();
    let more = header.as_text_list().filter(|_| one.is_none());
    one.into_iter().chain(more.into_iter().flatten().map(AsRef::as_ref))
}

fn customer(number: u32) -> String {
    format!("customer-{number}@shop.example")
}

fn subject(number: u32) -> String {
    format!("Order {number} has not arrived")
}

fn first_id(number: u32) -> String {
    format!("{number:08x}.20261122.first@shop.example")
}

fn answer_id(number: u32) -> String {
    format!("{number:08x}.20261122.answer@bench.example")
}

/// The customer's first mail.
fn first(number: u32) -> String {
    mail(number, &first_id(number), "", &subject(number))
}

/// The customer's reply to the answer to it.
fn reply(number: u32) -> String {
    let (first, answer) = (first_id(number), answer_id(number));
    let names = format!("In-Reply-To: <{answer}>\r\nReferences: <{first}>\r\n <{answer}>\r\n");
    mail(number, &format!("{number:08x}.20261123.reply@shop.example"), &names, &format!("Re: {}", subject(number)))
}

/// A mail as servers hand it over.
fn mail(number: u32, id: &str, names: &str, subject: &str) -> String {
    let customer = customer(number);
    format!(
        "Return-Path: <{customer}>\r\n\
         Received: from mx.bench.example (mx.bench.example [192.0.2.7])\r\n\
         \tby store.bench.example with LMTP id 4bX9zq2Zt1z9sWk\r\n\
         \tfor <care@bench.example>; Sun, 22 Nov 2026 10:11:14 +0000 (UTC)\r\n\
         Received: from out.shop.example (out.shop.example [198.51.100.23])\r\n\
         \t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\
         \tby mx.bench.example (Postfix) with ESMTPS id 4bX9zq1Yt0z9sWj\r\n\
         \tfor <care@bench.example>; Sun, 22 Nov 2026 10:11:13 +0000 (UTC)\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example; s=2026;\r\n\
         \tt=1795342273; h=from:to:subject:date:message-id:in-reply-to:references;\r\n\
         \tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n\
         \tb=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR\r\n\
         From: \"A Customer\" <{customer}>\r\n\
         To: Customer Care <care@bench.example>\r\n\
         Subject: {subject}\r\n\
         Date: Sun, 22 Nov 2026 10:11:12 +0000\r\n\
         Message-ID: <{id}>\r\n\
         {names}\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\
         \r\n\
         Good morning,\r\n\r\n\
         the parcel of order {number} should have been here on Tuesday. Could you look where it is? I need\r\n\
         what is in it for a journey that begins on Friday, and would rather buy it here than wait=\r\n\
         any longer. The caf=C3=A9 downstairs takes parcels, too.\r\n\r\n\
         Kind regards,\r\nA Customer\r\n"
    )
}
