//! E-mails find their conversations by what they name, and nobody else's (B7, R26, R34, R39).

use std::time::{Duration, Instant};

use outbound::command::{ClaimDispatch, Park, ReceiveMessage, RecordAttempt};
use outbound::directory::setup::{EntryPointSetup, QueueSetup};
use outbound::directory::{ConflictScope, Directory, Setup, Strangers};
use outbound::engine::{Context, Explain, Question, Stop, Terms, View};
use outbound::mail::{
    Complaint, DeliveryAction, DeliveryReport, MailAttachment, MailHeaders, MailId, OwnId, ParsedMail, ReadReceipt,
    Report, ReportedRecipient, ThreadingKey, ThreadingKeys,
};
use outbound::model::{
    Answers, BoundTo, Cause, Confidence, ConversationId, Direction, Dispatch, Finding, Key, MailIds, MessageId,
    ProviderId, Relation, SendResult, ShapeOnly, Status, TaskState, Via,
};
use outbound::query::Transcript;
use outbound::record::{Claimed, Received};
use outbound::refusal::Code;

use crate::support::{Floor, acme, id, inbound, text};

const RITA: &str = "rita@example.com";
const HER_OTHER: &str = "rita.home@example.net";
const COLLEAGUE: &str = "paul@example.com";
const STRANGER: &str = "eve@evil.example";

fn keys(byte: u8) -> ThreadingKeys {
    ThreadingKeys::new(ThreadingKey::new(&[byte; 32]).unwrap())
}

/// Acme with a second mailbox and a queue for strangers' mail, and with threading keys.
fn floor_with(change: impl FnOnce(&mut Setup)) -> Floor {
    let mut setup = acme();
    let care = setup.entry_points.iter().find(|it| it.id == id("mail_care")).unwrap().clone();
    let sales = EntryPointSetup {
        id: id("mail_sales"),
        name: "Sales e-mail".into(),
        sender: "sales@acme.example".into(),
        ..care
    };
    setup.entry_points.push(sales);
    let strangers = QueueSetup { id: id("strangers"), name: "Strangers".into(), ..setup.queues[0].clone() };
    setup.queues.push(strangers);
    change(&mut setup);
    let terms = Terms::new(Directory::new(setup).unwrap(), ShapeOnly).with_threading_keys(keys(7));
    let floor = Floor::under(terms);
    floor.sign_in(&["ana", "bruno"]);
    floor
}

fn floor() -> Floor {
    floor_with(|_| {})
}

/// A mail as it comes in.
fn parsed(headers: &[(&str, &str)]) -> ParsedMail {
    let headers = MailHeaders::from_pairs(headers.iter().copied());
    ParsedMail { headers, text: "words".into(), ..ParsedMail::default() }
}

fn mail_at(entry_point: &str, headers: &[(&str, &str)]) -> ReceiveMessage {
    ReceiveMessage::from_mail(id(entry_point), &parsed(headers))
}

fn mail(headers: &[(&str, &str)]) -> ReceiveMessage {
    mail_at("mail_care", headers)
}

fn claim(floor: &Floor, message: MessageId) -> Dispatch {
    match floor.ok(&ClaimDispatch { message }) {
        Claimed::Send(dispatch) => *dispatch,
        other => panic!("{other:?}"),
    }
}

/// A mail of Ana's, and the ids that it leaves with.
fn sent(floor: &Floor, conversation: ConversationId, subject: Option<&str>) -> (MessageId, MailIds) {
    let send = text("ana", conversation, "hello");
    let send = match subject {
        Some(subject) => send.with_subject(subject),
        None => send,
    };
    let message = floor.ok(&send).message;
    let ids = *claim(floor, message).mail.unwrap();
    let result = SendResult::accepted(id(&format!("p-{message}")));
    floor.ok(&RecordAttempt { message, attempt: 1, result });
    (message, ids)
}

/// Ana wrote to Rita first, about an invoice.
struct Started {
    floor: Floor,
    conversation: ConversationId,
    message: MessageId,
    /// Its Message-ID, in angle brackets.
    own: String,
    reply_to: String,
}

fn started_at(floor: Floor) -> Started {
    let conversation = floor.start_email("ana", RITA);
    let (message, ids) = sent(&floor, conversation, Some("Your invoice"));
    let own = format!("<{}>", ids.message_id.unwrap());
    Started { floor, conversation, message, own, reply_to: ids.reply_to.unwrap() }
}

fn started() -> Started {
    started_at(floor())
}

fn via(received: &Received) -> (Option<ConversationId>, Option<Via>, Confidence) {
    let binding = &received.mail.as_ref().unwrap().binding;
    match binding.to {
        BoundTo::Conversation { conversation, via, .. } => (Some(conversation), Some(via), binding.confidence),
        _ => (None, None, binding.confidence),
    }
}

fn findings(received: &Received) -> Vec<(Via, Finding)> {
    received.mail.as_ref().unwrap().binding.evidence.iter().map(|it| (it.via, it.finding)).collect()
}

fn is_queued(floor: &Floor, conversation: ConversationId, in_queue: &str) -> bool {
    matches!(floor.task(conversation), TaskState::Queued { queue, .. } if queue == id(in_queue))
}

// ---- What we send.

#[cfg(feature = "idn")]
#[test]
fn b07_ids_of_a_sender_in_other_letters_than_ascii_are_in_ascii() {
    let Started { floor, conversation, own, reply_to, .. } =
        started_at(floor_with(|setup| setup.entry_points[3].sender = "care@ácme.example".into()));
    assert!(own.ends_with("@xn--cme-dla.example>"), "{own}");
    assert!(reply_to.ends_with("@xn--cme-dla.example"), "{reply_to}");
    let answer = mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("To", &reply_to), ("Subject", "Re: Your invoice")]);
    assert_eq!(floor.ok(&answer).conversation, conversation);
    let back = mail(&[("From", "care@XN--cme-dla.example"), ("Message-ID", "<2@x>"), ("In-Reply-To", &own)]);
    let trace = floor.ok(&back).mail.unwrap();
    assert_eq!(trace.automatic.map(|automatic| automatic.kind), Some(outbound::mail::AutomaticKind::Loop));
}

#[test]
fn b07_a_mail_leaves_with_ids_that_only_we_can_make() {
    let Started { floor, conversation, own, reply_to, message } = started();
    assert!(own.ends_with("@acme.example>"), "{own}");
    assert!(reply_to.starts_with("care+") && reply_to.ends_with("@acme.example"), "{reply_to}");
    // The ids are those of the message, whichever attempt asks for them.
    let second = floor.ok(&text("ana", conversation, "again")).message;
    let first = claim(&floor, second).mail;
    floor.ok(&RecordAttempt { message: second, attempt: 1, result: SendResult::transient(Cause::Busy, "later") });
    floor.advance(100);
    assert_eq!(claim(&floor, second).mail, first);
    assert_ne!(second, message);
    // A host can read them itself, in the scope that they were made in.
    let scope = |entry_point: &str| floor.desk.terms().directory().threading_scope(&id(entry_point));
    let keys = floor.desk.terms().threading_keys().cloned().unwrap();
    assert_eq!(keys.read_reply_address(&scope("mail_care"), &reply_to), OwnId::Ours(*message.as_uuid().as_bytes()));
    assert_eq!(keys.read_reply_address(&scope("mail_sales"), &reply_to), OwnId::NotHere);
    // A text message has none, and without keys none is ours.
    let sms = floor.start_sms("ana", "+351912345678");
    let sms = floor.send("ana", sms, "hello");
    assert_eq!(claim(&floor, sms).mail, None);
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let conversation = floor.start_email("ana", RITA);
    let message = floor.ok(&text("ana", conversation, "hello").with_subject("Your invoice")).message;
    assert_eq!(claim(&floor, message).mail, Some(Box::new(MailIds::default())));
}

#[test]
fn b07_an_answer_names_the_mail_that_it_answers_and_those_before_it() {
    let Started { floor, conversation, own, .. } = started();
    let (_, alone) = sent(&floor, conversation, None);
    assert_eq!((alone.in_reply_to, alone.references), (None, Vec::new()), "nothing came in yet");
    let reply = [("From", RITA), ("Message-ID", "<r1@example.com>"), ("In-Reply-To", &own), ("References", &own)];
    floor.ok(&mail(&reply));
    let (message, ids) = sent(&floor, conversation, None);
    let parse = |text: &str| MailId::parse(text).unwrap();
    assert_eq!(ids.in_reply_to, Some(parse("r1@example.com")));
    assert_eq!(ids.references, [parse(&own), parse("r1@example.com")]);
    let Direction::Outbound { answers: Some(answers), .. } = floor.message(message).draft().direction.clone() else {
        panic!("it answers")
    };
    let expected = Answers { message_id: parse("r1@example.com"), references: ids.references };
    assert_eq!(*answers, expected);
    // An automatic mail is not what anybody answers.
    floor.ok(&mail(&[
        ("From", RITA),
        ("Message-ID", "<a@x>"),
        ("In-Reply-To", &own),
        ("Auto-Submitted", "auto-replied"),
    ]));
    assert_eq!(sent(&floor, conversation, None).1.in_reply_to, Some(parse("r1@example.com")));
}

#[test]
fn b07_references_stay_short_the_first_and_the_newest_kept() {
    let floor = floor();
    let names: Vec<String> = (0..60).map(|n| format!("<{n}.{}@example.com>", "x".repeat(100))).collect();
    let headers =
        [("From", RITA), ("Message-ID", "<newest@example.com>"), ("References", &names.join(" ")), ("Subject", "Long")];
    let received = floor.ok(&mail(&headers));
    floor.route("care_queue", Some("ana"));
    let offer = floor.task(received.conversation).offer().unwrap().id;
    floor.accept("ana", received.conversation, offer);
    let (_, ids) = sent(&floor, received.conversation, None);
    let references: Vec<String> = ids.references.iter().map(|id| format!("<{id}>")).collect();
    assert_eq!(references.first(), names.first());
    assert_eq!(references.last().unwrap(), "<newest@example.com>");
    assert_eq!(references.get(references.len() - 2), names.last());
    assert!(references.len() > 5 && references.join(" ").len() < 4_000, "{}", references.len());
}

// ---- What comes back.

#[test]
fn b07_a_reply_finds_its_conversation_by_each_of_its_ids() {
    let Started { floor, conversation, own, reply_to, .. } = started();
    let subject = ("Subject", "Re: Your invoice");
    let by_id = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own), subject]));
    assert_eq!((by_id.conversation, by_id.opened), (conversation, false));
    assert_eq!(via(&by_id), (Some(conversation), Some(Via::OwnMessageId), Confidence::Certain));
    let by_token = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>"), ("To", &reply_to), subject]));
    assert_eq!(via(&by_token), (Some(conversation), Some(Via::ReplyToken), Confidence::Certain));
    // Its own earlier mail, by In-Reply-To and by References.
    let by_reply = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<3@x>"), ("In-Reply-To", "<1@x>"), subject]));
    assert_eq!(via(&by_reply), (Some(conversation), Some(Via::InReplyTo), Confidence::High));
    let by_references = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<4@x>"), ("References", "<1@x>"), subject]));
    assert_eq!(via(&by_references), (Some(conversation), Some(Via::References), Confidence::High));
    // By nothing but its sender.
    let by_address = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<5@x>"), subject]));
    assert_eq!(via(&by_address), (Some(conversation), Some(Via::Address), Confidence::Low));
    assert_eq!(by_address.conversation, conversation);
}

#[test]
fn b07_a_reply_to_an_id_that_the_provider_wrote_anew_comes_back() {
    for alias in ["<010f-000@eu-west-1.amazonses.com>", "010f-000@eu-west-1.amazonses.com"] {
        let floor = floor();
        let conversation = floor.start_email("ana", RITA);
        let message = floor.ok(&text("ana", conversation, "hello").with_subject("Your invoice")).message;
        claim(&floor, message);
        let result = SendResult::accepted(id("010f-000")).known_as(id(alias));
        floor.ok(&RecordAttempt { message, attempt: 1, result });
        // From another address, so that the sender alone leads nowhere.
        let headers =
            [("From", HER_OTHER), ("Message-ID", "<1@x>"), ("In-Reply-To", "<010f-000@eu-west-1.amazonses.com>")];
        let reply = floor.ok(&mail(&headers).from_customer(floor.conversation(conversation).customer().clone()));
        assert_eq!(reply.conversation, conversation, "{alias}");
        assert_eq!(via(&reply).1, Some(Via::InReplyTo));
    }
}

#[test]
fn b07_another_subject_binds_by_in_reply_to_and_not_by_references_alone() {
    let Started { floor, conversation, own, .. } = started();
    let customer = floor.conversation(conversation).customer().clone();
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own)]));
    let other = |headers: &[(&str, &str)]| {
        let headers: Vec<_> =
            headers.iter().copied().chain([("From", HER_OTHER), ("Subject", "A new matter")]).collect();
        floor.ok(&mail(&headers).from_customer(customer.clone()))
    };
    let named = other(&[("Message-ID", "<2@x>"), ("In-Reply-To", "<1@x>")]);
    assert_eq!((named.conversation, via(&named).2), (conversation, Confidence::Low));
    let only_references = other(&[("Message-ID", "<3@x>"), ("References", "<1@x>")]);
    assert_ne!(only_references.conversation, conversation);
    assert_eq!(findings(&only_references), [(Via::References, Finding::OtherSubject)]);
}

#[test]
fn b07_one_subject_of_two_customers_leads_nowhere() {
    let floor = floor();
    let first = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("Subject", "Hello!")]));
    let second = floor.ok(&mail(&[("From", COLLEAGUE), ("Message-ID", "<2@x>"), ("Subject", "Hello!")]));
    assert_ne!(first.conversation, second.conversation);
    assert!(second.opened);
    assert_eq!(via(&second), (None, None, Confidence::None));
}

#[test]
fn b07_a_forged_id_leads_nowhere() {
    let Started { floor, conversation, own, .. } = started();
    let foreign = keys(9).message_id(b"any", [1; 16], "acme.example").unwrap();
    // One letter of the tag changed, and one made under another key.
    let last = if own.contains("a@") { "b@" } else { "a@" };
    let (local, domain) = own.split_once('@').unwrap();
    let changed = format!("{}{last}{domain}", local.strip_suffix(char::is_alphanumeric).unwrap());
    for (n, forged) in [changed, format!("<{foreign}>")].iter().enumerate() {
        let number = format!("<f{n}@x>");
        let received = floor.ok(&mail(&[("From", STRANGER), ("Message-ID", &number), ("In-Reply-To", forged)]));
        assert_ne!(received.conversation, conversation);
        assert_eq!(findings(&received)[0], (Via::OwnMessageId, Finding::NotValidHere));
    }
}

#[test]
fn b07_a_stranger_with_a_valid_id_gets_a_conversation_of_their_own() {
    let Started { floor, conversation, own, reply_to, .. } = started();
    for (n, headers) in [[("In-Reply-To", &own)], [("References", &own)], [("To", &reply_to)]].iter().enumerate() {
        let [(name, value)] = headers;
        let (number, from) = (format!("<s{n}@x>"), format!("eve{n}@evil.example"));
        let received = floor.ok(&mail(&[
            ("From", &from),
            ("Message-ID", &number),
            (name, value),
            ("Subject", "Re: Your invoice"),
        ]));
        assert_ne!(received.conversation, conversation);
        assert!(received.opened && is_queued(&floor, received.conversation, "care_queue"));
        let evidence = received.mail.as_ref().unwrap().binding.evidence[0];
        assert_eq!((evidence.finding, evidence.relation), (Finding::Stranger, Some(Relation::Stranger)));
        assert_eq!(evidence.conversation, Some(conversation), "the one that was named");
    }
    assert_eq!(floor.conversation(conversation).messages(), 1, "nothing was added to it");
}

#[test]
fn b07_strangers_wait_apart_where_the_set_up_says_so() {
    let quarantine = |setup: &mut Setup| {
        setup.organization.threading.strangers = Strangers::Quarantine { queue: id("strangers") };
    };
    let Started { floor, own, .. } = started_at(floor_with(quarantine));
    let stranger = floor.ok(&mail(&[("From", STRANGER), ("Message-ID", "<1@x>"), ("In-Reply-To", &own)]));
    assert!(is_queued(&floor, stranger.conversation, "strangers"));
    assert_eq!(stranger.mail.unwrap().binding.to, BoundTo::Quarantine);
    // Whoever names nothing is nobody's stranger; what the stranger writes next goes to their own conversation.
    let new = floor.ok(&mail(&[("From", "new@example.org"), ("Message-ID", "<2@x>")]));
    assert!(is_queued(&floor, new.conversation, "care_queue"));
    let again = floor.ok(&mail(&[("From", STRANGER), ("Message-ID", "<3@x>"), ("In-Reply-To", &own)]));
    assert_eq!(again.conversation, stranger.conversation);
}

#[test]
fn b07_a_colleague_in_copy_joins_as_themselves() {
    let Started { floor, conversation, own, .. } = started();
    let headers = [("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own), ("Cc", COLLEAGUE)];
    floor.ok(&mail(&headers));
    let answer = [("From", COLLEAGUE), ("Message-ID", "<2@x>"), ("In-Reply-To", "<1@x>"), ("Subject", "Your invoice")];
    let joined = floor.ok(&mail(&answer));
    assert_eq!((joined.conversation, joined.opened), (conversation, false));
    let evidence = joined.mail.as_ref().unwrap().binding.evidence[0];
    assert_eq!((evidence.finding, evidence.relation), (Finding::Bound, Some(Relation::Addressed)));
    let conversation = floor.conversation(conversation);
    assert_eq!(conversation.last_inbound(), Some(joined.message), "the agent has to see it");
    let world = floor.world();
    let contact = |address: &str| {
        world.contacts().find(|it| it.address().as_text() == address).map(|it| it.customer().clone()).unwrap()
    };
    assert_eq!(*conversation.customer(), contact(RITA), "it is her conversation still");
    assert_ne!(contact(RITA), contact(COLLEAGUE), "and he is not she");
    assert_eq!(floor.message(joined.message).draft().address.as_text(), COLLEAGUE);
    // A forward is another matter, and so it is where the set-up lets nobody else in.
    let forward =
        [("From", COLLEAGUE), ("Message-ID", "<3@x>"), ("References", "<1@x>"), ("Subject", "Fwd: Your invoice")];
    let forwarded = floor.ok(&mail(&forward));
    assert_eq!(findings(&forwarded), [(Via::References, Finding::Forwarded)]);
    assert_ne!(forwarded.conversation, conversation.id());
}

#[test]
fn b07_nobody_else_joins_where_the_set_up_says_so() {
    let strict = |setup: &mut Setup| setup.organization.threading.people_addressed = false;
    let Started { floor, conversation, own, .. } = started_at(floor_with(strict));
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own), ("Cc", COLLEAGUE)]));
    let answer = floor.ok(&mail(&[("From", COLLEAGUE), ("Message-ID", "<2@x>"), ("In-Reply-To", "<1@x>")]));
    assert_ne!(answer.conversation, conversation);
    assert_eq!(findings(&answer), [(Via::InReplyTo, Finding::NotAdmitted)]);
}

#[test]
fn r26_another_address_of_the_customer_joins_the_conversation_that_it_names() {
    let Started { floor, conversation, own, .. } = started();
    let customer = floor.conversation(conversation).customer().clone();
    let reply = [("From", HER_OTHER), ("Message-ID", "<1@x>"), ("In-Reply-To", &own), ("Subject", "Re: Your invoice")];
    let joined = floor.ok(&mail(&reply).from_customer(customer.clone()));
    assert_eq!((joined.conversation, via(&joined).2), (conversation, Confidence::High));
    // The address is hers from now on, and names nothing: a conversation on a thread of its own.
    let alone = floor.ok(&mail(&[("From", HER_OTHER), ("Message-ID", "<2@x>"), ("Subject", "Something else")]));
    assert!(alone.opened);
    assert_eq!(*floor.conversation(alone.conversation).customer(), customer);
    // What it names goes before what its own thread has open.
    let named = floor.ok(&mail(&[("From", HER_OTHER), ("Message-ID", "<3@x>"), ("In-Reply-To", &own)]));
    assert_eq!(named.conversation, conversation);
    assert_eq!(findings(&named), [(Via::OwnMessageId, Finding::Bound), (Via::Address, Finding::Outranked)]);
}

#[test]
fn b07_a_forward_to_another_entry_point_begins_anew_there() {
    let Started { floor, conversation, own, reply_to, .. } = started();
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own)]));
    let references = format!("{own} <1@x>");
    let headers = [
        ("From", RITA),
        ("Message-ID", "<2@x>"),
        ("References", &references),
        ("To", &reply_to),
        ("Subject", "Fwd: Your invoice"),
    ];
    let forwarded = floor.ok(&mail_at("mail_sales", &headers));
    assert_ne!(forwarded.conversation, conversation);
    assert!(forwarded.opened);
    let expected = [(Via::ReplyToken, Finding::NotValidHere), (Via::References, Finding::Unknown)];
    assert_eq!(findings(&forwarded), expected);
}

#[test]
fn b07_one_mail_to_two_of_our_addresses_is_in_two_threads_once_each() {
    let floor = floor();
    let headers = [("From", RITA), ("Message-ID", "<1@x>"), ("To", "care@acme.example, sales@acme.example")];
    let care = floor.ok(&mail(&headers));
    let sales = floor.ok(&mail_at("mail_sales", &headers));
    assert_ne!(care.conversation, sales.conversation);
    assert!(!sales.duplicate);
    // Handed over once more under another name of the provider's, it is the same mail.
    let again = ReceiveMessage { provider: id("event-2"), ..mail(&headers) };
    let again = floor.ok(&again);
    assert_eq!((again.message, again.duplicate, again.opened), (care.message, true, true));
    assert_eq!(again.mail, care.mail);
}

#[test]
fn r39_an_answer_to_what_is_closed_begins_anew_with_the_history() {
    let Started { floor, conversation, own, .. } = started();
    floor.close("ana", conversation);
    let answer = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own)]));
    assert!(answer.opened && answer.conversation != conversation);
    assert_eq!(via(&answer).0, Some(conversation), "and it says which one it answers");
    assert_eq!(floor.conversation(answer.conversation).previous(), Some(conversation));
    assert!(floor.conversation(conversation).is_closed());
    // The next one too goes to the one that is open now.
    let next = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>"), ("In-Reply-To", &own)]));
    assert_eq!((next.conversation, next.opened), (answer.conversation, false));
}

#[test]
fn b07_references_without_our_root_bind_by_what_was_seen() {
    let floor = floor();
    let customer: outbound::model::CustomerId = id("rita");
    // A mail of somebody else's system, which we never saw, and the first answer to it.
    let first = [
        ("From", RITA),
        ("Message-ID", "<1@x>"),
        ("In-Reply-To", "<unseen@y>"),
        ("References", "<root@y> <unseen@y>"),
        ("Subject", "Re: Offer"),
    ];
    let first = floor.ok(&mail(&first).from_customer(customer.clone()));
    let unknown = [(Via::InReplyTo, Finding::Unknown), (Via::References, Finding::Unknown)];
    assert_eq!(findings(&first), unknown);
    // A second answer to the same mail; and one that shares only the root.
    let other = |number: &str, name: &str, value: &str| {
        let headers = [("From", HER_OTHER), ("Message-ID", number), (name, value), ("Subject", "Re: Offer")];
        floor.ok(&mail(&headers).from_customer(customer.clone()))
    };
    let second = other("<2@x>", "In-Reply-To", "<unseen@y>");
    assert_eq!((second.conversation, via(&second).1), (first.conversation, Some(Via::InReplyTo)));
    let third = other("<3@x>", "References", "<root@y> <another@y>");
    assert_eq!((third.conversation, via(&third).1), (first.conversation, Some(Via::References)));
    // The unseen mail itself comes late: it is no duplicate.
    let late = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<unseen@y>")]));
    assert!(!late.duplicate);
    assert_eq!(late.conversation, first.conversation);
}

#[test]
fn b07_a_mail_without_headers_goes_by_its_sender() {
    let Started { floor, conversation, .. } = started();
    let received = floor.ok(&inbound("mail_care", RITA, "m-1", "hello"));
    assert_eq!((received.conversation, received.mail), (conversation, None));
    // Without a Message-ID it is known again by what it says.
    let nameless = [("From", RITA), ("Subject", "Nameless"), ("Date", "Mon, 2 Mar 2026 09:00:00 +0000")];
    let first = floor.ok(&mail(&nameless));
    let again = floor.ok(&mail(&nameless));
    assert_eq!((again.message, again.duplicate), (first.message, true));
    let other =
        ReceiveMessage::from_mail(id("mail_care"), &ParsedMail { text: "other words".into(), ..parsed(&nameless) });
    assert!(!floor.ok(&other).duplicate);
}

#[test]
fn b07_a_message_id_of_any_length_is_known_again() {
    let floor = floor();
    let long = format!("<{}@example.com>", "l".repeat(600));
    let first = floor.ok(&mail(&[("From", RITA), ("Message-ID", &long), ("Subject", "Long")]));
    assert!(floor.ok(&mail(&[("From", RITA), ("Message-ID", &long), ("Subject", "Long")])).duplicate);
    let reply = [("From", COLLEAGUE), ("Message-ID", "<2@x>"), ("In-Reply-To", long.as_str())];
    let reply = floor.ok(&mail(&reply));
    let named = reply.mail.unwrap().binding.evidence[0];
    assert_eq!((named.conversation, named.finding), (Some(first.conversation), Finding::Stranger));
}

#[test]
fn b07_our_own_mail_that_comes_back_is_no_message() {
    let Started { floor, conversation, own, message, .. } = started();
    let (back, events) = floor.events_of(|| floor.ok(&mail(&[("From", "care@acme.example"), ("Message-ID", &own)])));
    assert_eq!((back.message, back.conversation), (message, conversation));
    assert_eq!((back.duplicate, back.opened), (true, false));
    assert_eq!(events, [""; 0]);
    // From our address, and not known: kept, and nobody's work.
    let looped = floor.ok(&mail(&[("From", "sales@acme.example"), ("Message-ID", "<loop@acme.example>")]));
    assert!(floor.conversation(looped.conversation).is_closed());
}

// ---- What no person wrote.

#[test]
fn b07_an_automatic_answer_wakes_and_reopens_nothing() {
    let Started { floor, conversation, own, .. } = started();
    let automatic = |number: &str| {
        mail(&[
            ("From", RITA),
            ("Message-ID", number),
            ("In-Reply-To", &own),
            ("Auto-Submitted", "auto-replied"),
            ("Subject", "Automatic reply: Your invoice"),
        ])
    };
    let until = floor.now() + chrono::TimeDelta::days(1);
    floor.ok(&Park { agent: id("ana"), conversation, queue: None, until });
    let (noted, events) = floor.events_of(|| floor.ok(&automatic("<1@x>")));
    assert_eq!((noted.conversation, noted.opened), (conversation, false));
    assert_eq!(events, ["message_noted", "message_made"]);
    assert!(matches!(floor.task(conversation), TaskState::Parked { .. }));
    assert_eq!(floor.conversation(conversation).last_inbound(), None, "it says nothing in her name (B11)");
    assert!(noted.mail.unwrap().automatic.unwrap().is_certain);
    // A person's word wakes it; and what is closed stays closed.
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>"), ("In-Reply-To", &own)]));
    assert!(!matches!(floor.task(conversation), TaskState::Parked { .. }));
    let offer = floor.task(conversation).offer().unwrap().id;
    floor.accept("ana", conversation, offer);
    floor.close("ana", conversation);
    let late = floor.ok(&automatic("<3@x>"));
    assert_eq!(late.conversation, conversation);
    assert!(floor.conversation(conversation).is_closed());
}

#[test]
fn b07_an_automatic_answer_is_kept_with_what_it_answers_though_newer_ones_are_closed() {
    let Started { floor, conversation, own, .. } = started();
    floor.close("ana", conversation);
    let newer = floor.start_email("ana", RITA);
    floor.close("ana", newer);
    let headers = [("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own), ("Auto-Submitted", "auto-replied")];
    assert_eq!(floor.ok(&mail(&headers)).conversation, conversation);
}

#[test]
fn b07_an_automatic_mail_that_names_nothing_is_kept_with_the_newest_of_its_sender() {
    let Started { floor, conversation, .. } = started();
    floor.close("ana", conversation);
    let away =
        mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("Subject", "Away"), ("Auto-Submitted", "auto-replied")]);
    let noted = floor.ok(&away);
    assert_eq!((noted.conversation, noted.opened), (conversation, false));
}

#[test]
fn b07_no_mail_is_found_by_what_an_automatic_one_names() {
    let floor = floor();
    let unseen = ("In-Reply-To", "<unseen@y>");
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), unseen, ("Auto-Submitted", "auto-replied")]));
    let second = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>"), unseen]));
    assert_eq!(findings(&second), [(Via::InReplyTo, Finding::Unknown)]);
}

#[test]
fn b07_no_mail_is_found_by_what_a_report_names_which_is_no_automatic_answer() {
    let floor = floor();
    let unseen = ("In-Reply-To", "<unseen@y>");
    let headers = [("From", RITA), ("Message-ID", "<1@x>"), unseen, ("Auto-Submitted", "auto-replied")];
    let kept = floor.ok(&mail(&headers).with_report(bounce("<unseen@y>", "5.1.1", RITA)));
    assert_eq!(kept.mail.unwrap().automatic, None);
    let second = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>"), unseen]));
    assert_eq!(findings(&second), [(Via::InReplyTo, Finding::Unknown)]);
}

#[test]
fn b07_an_automatic_mail_of_somebody_new_is_kept_and_nobodys_work() {
    let floor = floor();
    let headers = [
        ("From", "robot@example.org"),
        ("Message-ID", "<1@x>"),
        ("Auto-Submitted", "auto-generated"),
        ("Subject", "Report"),
    ];
    let kept = floor.ok(&mail(&headers));
    assert!(kept.opened);
    assert!(floor.conversation(kept.conversation).is_closed());
    assert_eq!(floor.task(kept.conversation), TaskState::Done);
    // The subject is free for an agent still.
    let conversation = floor.start_email("ana", "robot@example.org");
    floor.ok(&text("ana", conversation, "hello").with_subject("Report"));
    // What only may be automatic is a customer's mail like any other.
    let listed = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>"), ("Precedence", "bulk")]));
    assert!(is_queued(&floor, listed.conversation, "care_queue"));
    assert!(!listed.mail.unwrap().automatic.unwrap().is_certain);
}

fn bounce(original: &str, code: &str, recipient: &str) -> Report {
    let status = code.parse().ok();
    Report::Delivery(DeliveryReport {
        action: DeliveryAction::Failed,
        status,
        is_hard: code == "5.1.1",
        recipients: vec![ReportedRecipient {
            address: recipient.into(),
            original_address: None,
            action: DeliveryAction::Failed,
            status,
        }],
        original_ids: MailId::all_in(original),
        diagnostic: Some("550 no such user".into()),
        is_standard: true,
    })
}

fn reported(number: &str, report: Report) -> ReceiveMessage {
    mail(&[("From", "MAILER-DAEMON@mx.example.com"), ("Message-ID", number), ("Return-Path", "<>")]).with_report(report)
}

fn suppressed(floor: &Floor, address: &str) -> bool {
    let world = floor.world();
    world.contacts().any(|it| it.address().as_text() == address && it.suppression(floor.now()).is_some())
}

#[test]
fn b07_a_bounce_marks_its_message_and_a_dead_address_is_not_written_to() {
    let Started { floor, conversation, own, message, .. } = started();
    let (kept, events) = floor.events_of(|| floor.ok(&reported("<b@mx>", bounce(&own, "5.1.1", RITA))));
    assert_eq!((kept.conversation, kept.opened), (conversation, false));
    assert_eq!(events, ["status_reported", "suppressed", "message_noted", "message_made"]);
    assert_eq!(floor.message(kept.message).mail().unwrap().report, Some(bounce(&own, "5.1.1", RITA)));
    let failed = floor.message(message);
    assert_eq!(failed.status(), Status::Failed);
    let problem = failed.delivery().problem.clone().unwrap();
    assert_eq!((problem.cause(), problem.text()), (Cause::NoSuchAddress, "550 no such user"));
    assert!(suppressed(&floor, RITA));
    floor.refuses(&text("ana", conversation, "again"), Code::ConsentSuppressed);
    assert_eq!(via(&kept).1, Some(Via::OwnMessageId));
    assert_eq!(floor.conversation(conversation).last_inbound(), None);
    // No contact is made of a mail system, and a repeated bounce tells nothing new.
    assert_eq!(floor.world().contacts().count(), 1);
    let again = floor.ok(&reported("<c@mx>", bounce(&own, "5.1.1", RITA)));
    assert_eq!(again.conversation, conversation);
    // An automatic answer proves nobody's presence, a person's mail does.
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("Auto-Submitted", "auto-replied")]));
    assert!(suppressed(&floor, RITA));
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<2@x>")]));
    assert!(!suppressed(&floor, RITA));
}

#[test]
fn b07_a_bounce_is_about_the_address_that_it_names_as_the_first_or_where_it_names_none() {
    let forwarded = |report: &mut DeliveryReport| {
        report.recipients[0].address = "rita@elsewhere.example".into();
        report.recipients[0].original_address = Some(RITA.into());
    };
    let nobody = |report: &mut DeliveryReport| report.recipients.clear();
    for change in [&forwarded as &dyn Fn(&mut DeliveryReport), &nobody] {
        let Started { floor, own, .. } = started();
        let Report::Delivery(mut report) = bounce(&own, "5.1.1", RITA) else { panic!("it is a bounce") };
        change(&mut report);
        floor.ok(&reported("<b@mx>", Report::Delivery(report)));
        assert!(suppressed(&floor, RITA));
    }
}

#[test]
fn b07_an_answer_under_the_subject_of_its_mail_is_no_other_subject_though_the_conversation_has_a_new_one() {
    let Started { floor, conversation, own, .. } = started();
    sent(&floor, conversation, Some("Another matter"));
    let answer = floor.ok(&mail(&[("From", RITA), ("In-Reply-To", &own), ("Subject", "Re: Your invoice")]));
    assert_eq!(via(&answer), (Some(conversation), Some(Via::OwnMessageId), Confidence::Certain));
}

#[test]
fn b07_a_bounce_that_says_nothing_of_the_address_suppresses_nobody() {
    for (code, recipient, cause) in [
        ("5.2.2", RITA, Cause::Unreachable),
        ("5.7.1", RITA, Cause::Blocked),
        ("5.1.1", "where.she.forwards@example.org", Cause::Unreachable),
    ] {
        let Started { floor, own, message, .. } = started();
        floor.ok(&reported("<b@mx>", bounce(&own, code, recipient)));
        assert_eq!(floor.message(message).status(), Status::Failed, "{code}");
        assert_eq!(floor.message(message).delivery().problem.as_ref().unwrap().cause(), cause);
        assert!(!suppressed(&floor, RITA), "{code} {recipient}");
    }
}

#[test]
fn b07_reports_of_closed_conversations_reopen_nothing() {
    let Started { floor, conversation, own, message, .. } = started();
    floor.close("ana", conversation);
    let kept = floor.ok(&reported("<b@mx>", bounce(&own, "5.2.2", RITA)));
    assert_eq!(kept.conversation, conversation);
    assert!(floor.conversation(conversation).is_closed());
    assert_eq!(floor.message(message).status(), Status::Failed);
}

#[test]
fn b07_what_is_delayed_delivered_read_or_complained_of() {
    let Started { floor, own, message, .. } = started();
    let told = |number: &str, report: Report| drop(floor.ok(&reported(number, report)));
    let Report::Delivery(delivery) = bounce(&own, "4.2.2", RITA) else { panic!("a bounce") };
    let with = |action| Report::Delivery(DeliveryReport { action, ..delivery.clone() });
    for (number, action, status) in [
        ("<1@mx>", DeliveryAction::Delayed, Status::Sent),
        ("<2@mx>", DeliveryAction::Relayed, Status::Sent),
        ("<3@mx>", DeliveryAction::Expanded, Status::Sent),
        ("<4@mx>", DeliveryAction::Delivered, Status::Delivered),
    ] {
        told(number, with(action));
        assert_eq!(floor.message(message).status(), status, "{action:?}");
    }
    told("<5@mx>", bounce(&own, "5.1.1", RITA));
    assert_eq!(floor.message(message).status(), Status::Delivered, "it never goes back (B10)");
    assert!(!suppressed(&floor, RITA));
    let original_ids = MailId::all_in(&own);
    let read = |is_read| Report::Read(ReadReceipt { is_read, recipient: None, original_ids: original_ids.clone() });
    told("<6@mx>", read(false));
    assert_eq!(floor.message(message).status(), Status::Delivered, "thrown away unread");
    told("<7@mx>", read(true));
    assert_eq!(floor.message(message).status(), Status::Read);
    let complaint = |kind: &str| {
        Report::Complaint(Complaint { kind: kind.into(), recipients: Vec::new(), original_ids: original_ids.clone() })
    };
    told("<8@mx>", complaint("not-spam"));
    let opted_out = || floor.world().contacts().any(|it| !it.consents().is_empty());
    assert!(!opted_out());
    told("<9@mx>", complaint("abuse"));
    assert!(opted_out(), "who calls it spam wants no more of it (B5)");
}

#[test]
fn b07_a_bounce_of_what_is_not_known_here_is_kept_and_nobodys_work() {
    let Started { floor, conversation, own, message, .. } = started();
    let other = keys(9).message_id(b"any", *message.as_uuid().as_bytes(), "acme.example").unwrap();
    let unknown = [
        reported("<1@mx>", bounce("<unknown@x>", "5.1.1", RITA)),
        reported("<2@mx>", bounce(&format!("<{other}>"), "5.1.1", RITA)),
        // What another entry point sent is nothing that this one sent.
        ReceiveMessage { entry_point: id("mail_sales"), ..reported("<3@mx>", bounce(&own, "5.1.1", RITA)) },
    ];
    for bounce in unknown {
        let kept = floor.ok(&bounce);
        assert_ne!(kept.conversation, conversation);
        assert!(floor.conversation(kept.conversation).is_closed());
        assert!(kept.mail.unwrap().report.is_some());
    }
    assert_eq!(floor.message(message).status(), Status::Sent);
    assert!(!suppressed(&floor, RITA));
    // A report about what she wrote to us changes nothing of it.
    floor.ok(&mail(&[("From", RITA), ("Message-ID", "<hers@x>")]));
    let kept = floor.ok(&reported("<4@mx>", bounce("<hers@x>", "5.1.1", RITA)));
    assert_ne!(kept.conversation, conversation);
}

#[test]
fn b07_a_bounce_from_nobody_is_taken_in_where_it_is_about_ours() {
    let Started { floor, own, message, .. } = started();
    let nobody = |number: &str, original: &str| {
        mail(&[("From", "<>"), ("Message-ID", number)]).with_report(bounce(original, "5.1.1", RITA))
    };
    floor.ok(&nobody("<1@mx>", &own));
    assert_eq!(floor.message(message).status(), Status::Failed);
    floor.refuses(&nobody("<2@mx>", "<unknown@x>"), Code::AddressNotAnEmail);
}

#[test]
fn b07_a_bounce_frees_the_line_behind_a_message_that_no_answer_came_for() {
    let floor = floor();
    let conversation = floor.start_email("ana", RITA);
    let first = floor.ok(&text("ana", conversation, "one").with_subject("Your invoice")).message;
    let second = floor.ok(&text("ana", conversation, "two")).message;
    let own = claim(&floor, first).mail.unwrap().message_id.unwrap();
    floor.refuses(&ClaimDispatch { message: second }, Code::DeliveryNotDue);
    floor.ok(&reported("<1@mx>", bounce(&format!("<{own}>"), "5.2.2", RITA)));
    claim(&floor, second);
}

// ---- What is told of it.

#[test]
fn b07_the_evidence_is_explained_kept_and_answered_again() {
    let Started { floor, conversation, own, .. } = started();
    let reply =
        mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own), ("Subject", "Re: Your invoice")]);
    let explained = floor.explain(&reply).binding.unwrap();
    let command = floor.id();
    let received = floor.run_as(command, &reply).unwrap();
    assert_eq!(received.mail.as_ref().unwrap().binding, explained);
    let lines: Vec<String> = explained.evidence.iter().map(ToString::to_string).collect();
    let expected =
        ["own_message_id: bound, from customer, same subject", "address: agrees, from customer, same subject"];
    assert_eq!(lines, expected);
    assert_eq!(floor.run_as(command, &reply).unwrap(), received, "B2");
    let transcript = floor.desk.ask(&Transcript::new(conversation, 10)).unwrap();
    let trace = transcript.messages[1].mail().unwrap();
    assert_eq!(trace, &**received.mail.as_ref().unwrap());
    assert_eq!(floor.explain(&text("ana", conversation, "hello")).binding, None);
    let written = serde_json::to_string(&reply).unwrap();
    assert_eq!(serde_json::from_str::<ReceiveMessage>(&written).unwrap(), reply);
}

/// Two mails, and where each belongs.
struct Both(ReceiveMessage, ReceiveMessage);

impl Question for Both {
    type Answer = [Option<BoundTo>; 2];

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        [&self.0, &self.1].into_iter().flat_map(|mail| Explain(mail).reads(cx)).collect()
    }

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<Self::Answer, Stop> {
        let told = [Explain(&self.0).answer(cx, view), Explain(&self.1).answer(cx, view)];
        let [one, other] = told.map(|told| told.map(|told| told.binding.map(|binding| binding.to)));
        Ok([one?, other?])
    }
}

#[test]
fn b07_a_question_about_two_mails_tells_them_apart() {
    let Started { floor, conversation, own, message, .. } = started();
    let reply = mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("In-Reply-To", &own)]);
    let strange = mail(&[("From", STRANGER), ("Message-ID", "<2@x>")]);
    let bound = BoundTo::Conversation { conversation, message: Some(message), via: Via::OwnMessageId };
    let told = floor.desk.ask(&Both(reply.clone(), strange.clone())).unwrap();
    assert_eq!(told, [Some(bound), Some(BoundTo::Nothing)]);
    let told = floor.desk.ask(&Both(strange, reply)).unwrap();
    assert_eq!(told, [Some(BoundTo::Nothing), Some(bound)]);
}

#[test]
fn r34_a_mail_is_taken_over_whole() {
    let parts = |content_id: Option<&str>| MailAttachment {
        name: Some("logo.png".into()),
        media_type: "image/png".into(),
        content_id: content_id.map(Into::into),
        is_inline: true,
        bytes: vec![1, 2, 3],
    };
    let headers = [("From", "Rita <rita@example.com>"), ("Message-ID", "<1@x>"), ("Subject", "=?utf-8?q?Ol=C3=A1?=")];
    let whole = ParsedMail {
        html: Some("<p>words</p>".into()),
        attachments: vec![parts(Some("logo")), parts(None)],
        ..parsed(&headers)
    };
    let command = ReceiveMessage::from_mail(id("mail_care"), &whole);
    assert_eq!(command.provider, id::<ProviderId>("1@x"));
    let floor = floor();
    let message = floor.message(floor.ok(&command).message);
    let content = message.content();
    assert!(content.body.is_html());
    assert_eq!(content.subject.as_ref().unwrap().as_str(), "Olá");
    let files: Vec<_> = content
        .attachments
        .iter()
        .map(|it| (it.size, it.location.expose().as_str(), it.content_id.as_deref()))
        .collect();
    assert_eq!(files, [(3, "1@x#1", Some("logo")), (3, "1@x#2", None)]);
    assert_eq!(message.draft().address.as_text(), RITA);
}

#[test]
fn b07_under_one_thread_for_an_address_a_mail_joins_at_whatever_entry_point() {
    let narrow = |setup: &mut Setup| setup.organization.conflict_scope = ConflictScope::Address;
    let Started { floor, conversation, .. } = started_at(floor_with(narrow));
    let sales = floor.ok(&mail_at("mail_sales", &[("From", RITA), ("Message-ID", "<1@x>")]));
    assert_eq!((sales.conversation, via(&sales).1), (conversation, Some(Via::Address)));
    // What answers that mail, at the entry point that it reached, finds the same one.
    let answer = [("From", RITA), ("Message-ID", "<2@x>"), ("In-Reply-To", "<1@x>")];
    assert_eq!(floor.ok(&mail_at("mail_sales", &answer)).conversation, conversation);
}

#[test]
fn b07_what_names_without_end_is_looked_up_as_far_as_a_bound() {
    let floor = floor();
    let names: Vec<String> = (0..90).map(|n| format!("<{n}@example.com>")).collect();
    let received = floor.ok(&mail(&[("From", RITA), ("Message-ID", "<1@x>"), ("References", &names.join(" "))]));
    assert_eq!(findings(&received).len(), 21);
    let references =
        floor.world().records().filter(|it| it.record.key().kind() == outbound::model::Kind::Reference).count();
    assert!(references <= 3, "{references}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test measures how long it takes")]
fn b07_a_mail_that_names_others_without_end_is_taken_in_in_time() {
    // As a host's own parser may tell it.
    let ids: Vec<MailId> = (0..50_000).map(|n| MailId::parse(&format!("{n}@example.com")).unwrap()).collect();
    let headers = MailHeaders { in_reply_to: ids.clone(), references: ids.clone(), ..MailHeaders::default() };
    let floor = floor();
    let receive = inbound("mail_care", RITA, "1@x", "words").with_headers(headers);
    let begin = Instant::now();
    let received = floor.ok(&receive);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let references = received.mail.unwrap().references;
    assert_eq!((references.len(), references.first(), references.last()), (20, ids.first(), ids.last()));
}
