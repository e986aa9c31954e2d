//! What a command names is loaded at once: the first round trip to a store fetches it all.

use std::fmt::Debug;

use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, ConsentChange, Decline,
    EndInteraction, ExtendWrapUp, FireDue, Park, ReceiptStatus, ReceiveMessage, RecordAttempt, RecoverFromRona, Rehome,
    ReportDelivery, RetryMessage, RouteNext, SendMessage, SetConsent, SetState, SetZone, SignIn, SignOut,
    TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::engine::{Command, Explain, Inquiry, Next, Question, Reply, Run};
use outbound::mail::{MailHeaders, ParsedMail};
use outbound::model::{Channel, ChosenState, Closer, Key, MediaClass, MessageId, OfferId, SendResult, Wording};
use outbound::port::Store;
use outbound::query::{MessagePreview, SmsPreview};

use crate::support::{Floor, NUMBER, id, inbound, offered_interaction, sms, take_over, to_agent, to_queue, working};

/// The first load of a command has these keys.
fn names<C: Command>(floor: &Floor, command: &C, expected: &[Key])
where
    C::Output: Debug,
{
    let terms = floor.desk.terms();
    let Next::Load(reads) = Run::new(&terms, floor.now(), floor.id(), command).step() else {
        panic!("{command:?} loads nothing")
    };
    for key in expected {
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
    let reference = Key::reference(&id("sms_care"), &id("in-1"));
    names(&floor, &inbound("sms_care", NUMBER, "in-1", "hello"), &[contact, reference]);
    names(&floor, &SetConsent::by_host(Channel::Sms, NUMBER, ConsentChange::OptOut), &[contact]);
    let zone = None;
    let nowhere = SetZone { by: Closer::Host, channel: Channel::Sms, address: NUMBER.into(), zone, customer: None };
    names(&floor, &nowhere, &[contact]);

    names(&floor, &SendMessage::new(id("ana"), conversation, Wording::text("hello")), &[task]);
    names(&floor, &RetryMessage::new(id("ana"), message), &[Key::message(message)]);
    names(&floor, &ClaimDispatch { message }, &[Key::message(message)]);
    let result = SendResult::accepted(id("p-1"));
    names(&floor, &RecordAttempt { message, attempt: 1, result }, &[Key::message(message)]);
    let (entry_point, provider, status) = (id("sms_care"), id("in-1"), ReceiptStatus::Delivered);
    names(&floor, &ReportDelivery { entry_point, provider, status, problem: None }, &[reference]);

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
    names(&floor, &Close { by: Closer::Agent(id("ana")), conversation }, &[task, ana]);
    names(&floor, &Close { by: Closer::Host, conversation }, &[task]);
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
