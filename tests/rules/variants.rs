//! One customer for one phone and one mailbox, however its address is written (R11, R15, R26, R39, B1, B9).

use outbound::command::{Close, ConsentChange, SetConsent};
use outbound::model::{Address, By, Channel, ConversationId, E164, Key};
use outbound::refusal::Code;

use crate::support::{Floor, email, id, inbound, signed_in, sms};

/// A Brazilian mobile with and without its ninth digit.
const LONG: &str = "+5511961234567";
const SHORT: &str = "+551161234567";

/// Both numbers of one phone, each way round.
const PHONES: [(&str, &str); 6] = [
    (LONG, SHORT),
    (SHORT, LONG),
    ("+525512345678", "+5215512345678"),
    ("+5215512345678", "+525512345678"),
    ("+5491123456789", "+541123456789"),
    ("+541123456789", "+5491123456789"),
];

fn number_of(floor: &Floor, conversation: ConversationId) -> String {
    floor.conversation(conversation).address().as_text().into_owned()
}

#[test]
fn b09_r26_a_reply_from_the_other_number_joins_and_the_answer_goes_where_the_first_message_went() {
    for (given, shown) in PHONES {
        let floor = signed_in(&["ana"]);
        let conversation = floor.start_sms("ana", given);
        let reply = floor.receive_sms("sms_care", shown, "yes?");
        assert_eq!((reply.conversation, reply.opened), (conversation, false), "{given} {shown}");
        assert_eq!(floor.message(reply.message).draft().address.as_text(), shown);
        let answer = floor.send("ana", conversation, "hello");
        assert_eq!(floor.message(answer).draft().address.as_text(), given);
        assert_eq!(floor.world().contacts().count(), 1);
        floor.check();
    }
}

#[test]
fn b09_r11_an_open_conversation_with_the_other_number_is_in_the_way() {
    for (first, second) in PHONES {
        let floor = signed_in(&["ana", "bruno"]);
        floor.passes(&sms("bruno", second), Code::ConversationExists);
        let conversation = floor.start_sms("ana", first);
        let refusals = floor.refuses(&sms("bruno", second), Code::ConversationExists);
        assert_eq!(refusals.primary().conversation(), Some(conversation));
    }
}

#[test]
fn b09_r39_the_next_conversation_keeps_the_customer_and_has_the_number_that_was_given() {
    let floor = signed_in(&["ana"]);
    let first = floor.receive_sms("sms_care", SHORT, "hello").conversation;
    let customer = floor.conversation(first).customer().clone();
    floor.ok(&Close { by: By::Host, conversation: first });

    let second = floor.ok(&sms("ana", LONG));
    assert_eq!(second.customer, customer);
    assert_eq!(floor.conversation(second.conversation).previous(), Some(first));
    assert_eq!((number_of(&floor, first), number_of(&floor, second.conversation)), (SHORT.into(), LONG.into()));
    // The contact keeps the number that it was first seen under; both lead to it.
    let world = floor.world();
    let contact = world.contacts().next().unwrap();
    assert_eq!(contact.address().as_text(), SHORT);
    let key = |number: &str| Key::contact(&Address::Sms(E164::parse(number).unwrap()));
    assert_eq!((contact.key(), contact.key()), (key(SHORT), key(LONG)));
    floor.check();
}

#[test]
fn b09_r26_a_customer_named_by_the_host_is_the_customer_of_both_numbers() {
    let floor = signed_in(&["ana", "bruno"]);
    let started = floor.ok(&sms("ana", LONG).with_customer(id("rui")));
    floor.close("ana", started.conversation);
    floor.refuses(&sms("bruno", SHORT).with_customer(id("somebody")), Code::CustomerMismatch);
    assert_eq!(floor.ok(&sms("bruno", SHORT)).customer, id("rui"));
}

#[test]
fn b09_a_fixed_line_and_the_mobile_with_a_nine_before_its_digits_are_two_customers() {
    let floor = signed_in(&["ana", "bruno"]);
    let fixed = floor.ok(&sms("ana", "+551151234567"));
    let mobile = floor.ok(&sms("bruno", "+5511951234567"));
    assert_ne!(fixed.customer, mobile.customer);
    assert_eq!(floor.world().contacts().count(), 2);
}

#[test]
fn r15_r26_a_reply_from_the_same_mailbox_joins_however_it_is_written() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_email("ana", "Rita.Lee+Shop@Example.com");
    for (provider, from) in [("m-1", "rita.lee+shop@example.com"), ("m-2", "RITA.LEE+SHOP@EXAMPLE.COM")] {
        let reply = floor.ok(&inbound("mail_care", from, provider, "yes"));
        assert_eq!((reply.conversation, reply.opened), (conversation, false), "{from}");
    }
    assert_eq!(number_of(&floor, conversation), "Rita.Lee+Shop@Example.com");
    floor.refuses(&email("bruno", " rita.lee+shop@example.com "), Code::ConversationExists);
    for other in ["ritalee+shop@example.com", "rita.lee@example.com", "rita.lee+shop@mail.example.com"] {
        let written = floor.ok(&inbound("mail_care", other, other, "hello"));
        assert!(written.opened, "{other}");
    }
    assert_eq!(floor.world().contacts().count(), 4);
}

#[cfg(feature = "idn")]
#[test]
fn r15_r26_a_mailbox_in_other_letters_is_one_customer_and_its_neighbours_are_others() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_email("ana", "Jose\u{301}@fa\u{df}.de");
    let same = floor.ok(&inbound("mail_care", "JOS\u{c9}@xn--fa-hia.de", "m-1", "yes"));
    assert_eq!((same.conversation, same.opened), (conversation, false));
    for other in ["jose@fa\u{df}.de", "jos\u{e9}@fass.de"] {
        assert!(floor.ok(&inbound("mail_care", other, other, "hello")).opened, "{other}");
    }
}

#[test]
fn b09_r39_a_thread_leads_to_a_conversation_under_the_other_number() {
    for (told, written) in PHONES {
        let floor = Floor::new();
        floor.ok(&SetConsent::by_host(Channel::Sms, told, ConsentChange::Lift));
        floor.receive_sms("sms_care", written, "hello");
        assert_eq!(floor.world().contacts().count(), 1);
        floor.check();
    }
}
