//! What a command names is loaded at once: the first round trip to a store fetches it all.

use std::fmt::Debug;

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, ConsentChange, Decline,
    EndInteraction, ExtendWrapUp, FireDue, Park, ReceiptStatus, ReceiveMessage, RecordAttempt, RecoverFromRona, Rehome,
    ReportDelivery, RetryMessage, RouteNext, SendMessage, SetConsent, SetState, SetZone, SignIn, SignOut,
    StartOutbound, TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::engine::{Command, Explain, Fault, Inquiry, Loaded, Next, Question, Reads, Remember, Reply, Run};
use outbound::mail::{MailHeaders, ParsedMail};
use outbound::model::{By, Channel, ChosenState, Key, MediaClass, MessageId, OfferId, SendResult, Wording};
use outbound::port::Store;
use outbound::query::{History, MessagePreview, Overview, SmsPreview};
use outbound::record::Query;

use crate::support::{
    Floor, NUMBER, decided, email, id, inbound, offered_interaction, sms, take_over, text, to_agent, to_queue, working,
};

/// The first load of a command has these keys, and its receipt where it leaves one.
fn names<C: Command>(floor: &Floor, command: &C, expected: &[Key])
where
    C::Output: Debug,
{
    let (terms, id) = (floor.desk.terms(), floor.id());
    let Next::Load(reads) = Run::new(&terms, floor.now(), id, command).step() else {
        panic!("{command:?} loads nothing")
    };
    let keeps = command.remember() == Remember::Receipt || C::NAME == ClaimDispatch::NAME;
    let receipt = keeps.then(|| Key::receipt(id));
    for key in expected.iter().chain(&receipt) {
        assert!(reads.keys.contains(key), "{command:?} names {key}, and loads {:?}", reads.keys);
    }
}

/// How often a command loads until it is decided.
fn loads<C: Command>(floor: &Floor, command: &C) -> usize {
    let terms = floor.desk.terms();
    let mut run = Run::new(&terms, floor.now(), floor.id(), command);
    let mut loads = 0;
    while let Next::Load(reads) = run.step() {
        run.supply(floor.desk.store().load(&reads).unwrap());
        loads += 1;
    }
    loads
}

#[test]
fn what_a_command_names_is_in_its_first_load() {
    let (floor, conversation) = working();
    let (ana, bruno) = (Key::presence(&id("ana")), Key::presence(&id("bruno")));
    let task = Key::conversation(conversation);
    let contact = Key::contact(floor.conversation(conversation).address());
    let (offer, message) = (OfferId::of(floor.id()), MessageId::of(floor.id()));
    let available = ChosenState::Available;

    names(&floor, &SignIn { agent: id("ana"), team: id("care"), state: available.clone() }, &[ana]);
    names(&floor, &SetState { agent: id("ana"), class: None, state: available.clone() }, &[ana]);
    names(&floor, &RecoverFromRona { agent: id("ana"), state: available }, &[ana]);
    names(&floor, &SignOut { agent: id("ana"), unfinished: Unfinished::Refuse }, &[ana]);
    names::<BeginInteraction>(&floor, &offered_interaction("ana", MediaClass::Voice), &[ana]);
    names(&floor, &EndInteraction { agent: id("ana"), interaction: id("voice") }, &[ana]);

    names(&floor, &sms("ana", NUMBER), &[ana, contact]);
    names(&floor, &take_over("ana", NUMBER), &[ana, contact]);
    let reference = Key::received(&id("sms_care"), &id("in-1"));
    names(&floor, &inbound("sms_care", NUMBER, "in-1", "hello"), &[contact, reference]);
    names(&floor, &SetConsent::by_host(Channel::Sms, NUMBER, ConsentChange::OptOut), &[contact]);
    let zone = None;
    let nowhere = SetZone { by: By::Host, channel: Channel::Sms, address: NUMBER.into(), zone, customer: None };
    names(&floor, &nowhere, &[contact]);

    names(&floor, &SendMessage::new(id("ana"), conversation, Wording::text("hello")), &[task]);
    names(&floor, &RetryMessage::new(id("ana"), message), &[Key::message(message)]);
    names(&floor, &ClaimDispatch { message }, &[Key::message(message)]);
    let result = SendResult::accepted(id("p-1"));
    names(&floor, &RecordAttempt { message, attempt: 1, result }, &[Key::message(message)]);
    let (entry_point, provider, status) = (id("sms_care"), id("in-1"), ReceiptStatus::Delivered);
    names(
        &floor,
        &ReportDelivery { entry_point, provider, status, problem: None },
        &[Key::reference(&id("sms_care"), &id("in-1"))],
    );

    names(&floor, &to_agent("ana", conversation, "bruno"), &[task, ana, bruno]);
    names(&floor, &to_queue("ana", conversation, "care_queue"), &[task, ana]);
    names(&floor, &CancelTransfer { agent: id("ana"), conversation }, &[task, ana]);
    names(&floor, &Accept { agent: id("bruno"), conversation, offer }, &[task, bruno]);
    names(&floor, &Decline { agent: id("bruno"), conversation, offer }, &[task, bruno]);
    names(&floor, &AnswerHandover { agent: id("ana"), conversation, request: offer, give: true }, &[task, ana]);
    names(&floor, &RouteNext { queue: id("care_queue"), agent: Some(id("bruno")) }, &[bruno]);

    let until = floor.now();
    names(&floor, &Park { agent: id("ana"), conversation, until, queue: None }, &[task, ana]);
    names(&floor, &Wake { conversation }, &[task]);
    names(&floor, &Close { by: By::Agent(id("ana")), conversation }, &[task, ana]);
    names(&floor, &Close { by: By::Host, conversation }, &[task]);
    names(&floor, &WrapUp { agent: id("ana"), conversation, reason: id("resolved") }, &[task, ana]);
    names(&floor, &ExtendWrapUp { agent: id("ana"), conversation }, &[ana]);
    names(&floor, &Rehome { conversation }, &[task]);
    names(&floor, &Conference { agent: id("ana"), conversation }, &[task]);
    names(&floor, &TriggerWorkflow { agent: id("ana"), conversation, workflow: id("refund") }, &[task]);
    names(&floor, &FireDue { at: ana }, &[ana]);
}

#[test]
fn what_a_mail_names_is_in_the_first_load() {
    let (floor, _) = working();
    let headers =
        [("From", "rita@example.com"), ("Message-ID", "<1@x>"), ("In-Reply-To", "<2@x>"), ("References", "<3@x>")];
    let headers = MailHeaders::from_pairs(headers);
    let mail = ReceiveMessage::from_mail(id("mail_care"), &ParsedMail { headers, ..ParsedMail::default() });
    let named = ["1@x", "2@x", "3@x"].map(|name| Key::reference(&id("mail_care"), &id(name)));
    names(&floor, &mail, &named);
}

#[test]
fn the_use_of_a_subject_is_loaded_with_the_rest() {
    let (floor, _) = working();
    let conversation = floor.start_email("ana", "rita@example.com");
    let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
    assert_eq!(loads(&floor, &send.clone().with_subject("Your order")), loads(&floor, &send));
}

#[test]
fn what_a_reply_stands_on_is_there_after_two_loads() {
    let (floor, _) = working();
    let first = [("From", "rita@example.com"), ("Message-ID", "<1@x>"), ("Subject", "Your invoice")];
    let reply = [("From", "rita@example.com"), ("Message-ID", "<2@x>"), ("In-Reply-To", "<1@x>")];
    let mail = |headers: &[(&str, &str)]| {
        let headers = MailHeaders::from_pairs(headers.iter().copied());
        ReceiveMessage::from_mail(id("mail_care"), &ParsedMail { headers, ..ParsedMail::default() })
    };
    floor.ok(&mail(&first));
    assert_eq!(loads(&floor, &mail(&reply)), 2);
    let under_another_subject: Vec<_> = reply.into_iter().chain([("Subject", "Something else")]).collect();
    assert_eq!(loads(&floor, &mail(&under_another_subject)), 2);
}

/// The first load of a question has these keys.
fn asks<Q: Question>(floor: &Floor, question: &Q, expected: &[Key]) {
    let terms = floor.desk.terms();
    let Reply::Load(reads) = Inquiry::new(&terms, floor.now(), question).step() else { panic!("it loads nothing") };
    assert!(expected.iter().all(|key| reads.keys.contains(key)), "{expected:?}, and loads {:?}", reads.keys);
}

#[test]
fn what_a_question_names_is_in_its_first_load() {
    let (floor, conversation) = working();
    let (task, ana) = (Key::conversation(conversation), Key::presence(&id("ana")));
    asks(&floor, &Explain(&CancelTransfer { agent: id("ana"), conversation }), &[task, ana]);
    let contact = Key::contact(floor.conversation(conversation).address());
    asks(&floor, &MessagePreview::new(id("sms_care"), NUMBER, Wording::text("hello")), &[contact]);
    let nothing = SmsPreview { wording: Wording::text("hello") };
    let answered = Inquiry::new(&floor.desk.terms(), floor.now(), &nothing).step();
    assert!(matches!(answered, Reply::Answer(_)), "what names nothing is answered at once");
}

#[test]
fn who_is_never_given_what_they_ask_for_gives_up() {
    let (floor, conversation) = working();
    let terms = floor.desk.terms();
    let command = Wake { conversation };
    let mut run = Run::new(&terms, floor.now(), floor.id(), &command);
    for _ in 0..32 {
        assert!(matches!(run.step(), Next::Load(_)));
        run.supply(Loaded::default());
    }
    assert!(matches!(run.step(), Next::Fault(Fault::Unstable(32))));

    let question = Explain(&command);
    let mut inquiry = Inquiry::new(&terms, floor.now(), &question);
    for _ in 0..1_000 {
        assert!(matches!(inquiry.step(), Reply::Load(_)));
        inquiry.supply(Loaded::default());
    }
    assert!(matches!(inquiry.step(), Reply::Fault(Fault::Unstable(1_000))));
}

/// How often a question loads until it is answered.
fn loads_of<Q: Question>(floor: &Floor, question: &Q) -> usize {
    let terms = floor.desk.terms();
    let mut inquiry = Inquiry::new(&terms, floor.now(), question);
    let mut loads = 0;
    while let Reply::Load(reads) = inquiry.step() {
        inquiry.supply(floor.desk.store().load(&reads).unwrap());
        loads += 1;
    }
    loads
}

#[test]
fn what_is_of_one_kind_is_loaded_together_however_much_it_is() {
    let (floor, conversation) = working();
    floor.send("ana", conversation, "hello");
    let customer = floor.conversation(conversation).customer().clone();
    let overview = Overview { agent: id("ana") };
    let history = History::new(customer.clone(), 9, 9);
    let before = (loads_of(&floor, &overview), loads_of(&floor, &history));
    let mail = StartOutbound { customer: Some(customer), ..email("ana", "rita@example.com") };
    let mail = floor.ok(&mail).conversation;
    floor.ok(&SendMessage::new(id("ana"), mail, Wording::text("hello")).with_subject("Your order"));
    assert_eq!((loads_of(&floor, &overview), loads_of(&floor, &history)), before);
}

#[test]
fn what_a_decision_looks_at_is_a_guard_though_it_changes_nothing_of_it() {
    let (floor, conversation) = working();
    let changes = decided(&floor, floor.id(), &text("ana", conversation, "hello"));
    let contact = Key::contact(floor.conversation(conversation).address());
    assert!(changes.guards.iter().any(|guard| guard.key == contact), "the customer may opt out meanwhile");
    assert!(changes.writes.iter().all(|write| write.key != contact));
}

#[test]
fn what_a_decision_no_longer_looks_at_is_no_guard() {
    for loads in 1..=4 {
        let (floor, parked) = working();
        let until = floor.now() + TimeDelta::days(1);
        floor.ok(&Park { agent: id("ana"), conversation: parked, until, queue: None });
        let (terms, write) = (floor.desk.terms(), inbound("sms_care", NUMBER, "in-1", "hello"));
        let mut run = Run::new(&terms, floor.now(), floor.id(), &write);
        let changes = (1..).find_map(|step| match run.step() {
            Next::Load(reads) => {
                run.supply(floor.desk.store().load(&reads).unwrap());
                // Meanwhile it is closed, and another is open.
                if step == loads {
                    floor.ok(&Close { by: By::Host, conversation: parked });
                    floor.start_sms("bruno", NUMBER);
                }
                None
            }
            Next::Commit(changes, _) => Some(changes),
            other => panic!("{other:?}"),
        });
        let (changes, parked) = (changes.unwrap(), Key::conversation(parked));
        let is_written = changes.writes.iter().any(|write| write.key == parked);
        assert_eq!(changes.guards.iter().any(|guard| guard.key == parked), is_written, "after {loads}");
    }
}

#[test]
fn reads_are_empty_where_neither_a_record_nor_a_query_is_asked_for() {
    let keys = vec![Key::presence(&id("ana"))];
    let queries = vec![Query::waiting(&id("care_queue"), 1)];
    assert!(Reads::default().is_empty());
    assert!(!Reads { keys, queries: Vec::new() }.is_empty());
    assert!(!Reads { keys: Vec::new(), queries }.is_empty());
}
