//! B7: which conversation an e-mail belongs to, and the evidence for it.

use outbound::directory::{Strangers, ThreadingPolicy};
use outbound::mail::{MailHeaders, ThreadingKey, ThreadingKeys};
use outbound::model::{BoundTo, Confidence, ConversationId, Finding, MessageId, Relation, Via};
use outbound::threading::{Clue, Lead, MAX_QUOTES, Names, bind, quotes};
use uuid::Uuid;

fn conversation(number: u128) -> ConversationId {
    Uuid::from_u128(number).into()
}

fn lead(number: u128, relation: Relation) -> Lead {
    Lead { conversation: conversation(number), message: None, same_entry_point: true, relation, same_subject: true }
}

fn clue(via: Via, to: Lead) -> Clue {
    Clue::Leads { via, to }
}

fn quarantine() -> Strangers {
    Strangers::Quarantine { queue: "strangers".parse().unwrap() }
}

/// Where the clues lead by the default policy: the conversation's number, the confidence, what came of each clue.
fn decided(clues: &[Clue], forwarded: bool, policy: &ThreadingPolicy) -> (Option<u128>, Confidence, Vec<Finding>) {
    let binding = bind(clues, forwarded, policy);
    let to = match binding.to {
        BoundTo::Conversation { conversation, .. } => Some(conversation.as_uuid().as_u128()),
        _ => None,
    };
    (to, binding.confidence, binding.evidence.iter().map(|evidence| evidence.finding).collect())
}

fn by_default(clues: &[Clue]) -> (Option<u128>, Confidence, Vec<Finding>) {
    decided(clues, false, &ThreadingPolicy::default())
}

#[test]
fn b7_the_stronger_clue_decides_in_whatever_order_they_come() {
    let order = [Via::ReplyToken, Via::OwnMessageId, Via::InReplyTo, Via::References, Via::Address];
    for (stronger, weaker) in order.iter().zip(order.iter().skip(1)) {
        let clues = [clue(*weaker, lead(2, Relation::Customer)), clue(*stronger, lead(1, Relation::Customer))];
        let (to, _, findings) = by_default(&clues);
        assert_eq!(to, Some(1), "{stronger} before {weaker}");
        assert_eq!(findings, [Finding::Bound, Finding::Outranked]);
    }
    let first = [clue(Via::InReplyTo, lead(1, Relation::Customer)), clue(Via::InReplyTo, lead(2, Relation::Customer))];
    assert_eq!(by_default(&first).0, Some(1), "of equals the first");
    let agreeing = [clue(Via::InReplyTo, lead(1, Relation::Customer)), clue(Via::Address, lead(1, Relation::Customer))];
    assert_eq!(by_default(&agreeing).2, [Finding::Bound, Finding::Agrees]);
}

#[test]
fn b7_the_confidence_says_how_well_all_of_it_fits() {
    use Confidence::{Certain, High, Low};
    for (via, relation, same_subject, expected) in [
        (Via::ReplyToken, Relation::Customer, true, Certain),
        (Via::OwnMessageId, Relation::Customer, true, Certain),
        (Via::OwnMessageId, Relation::MailSystem, true, Certain),
        (Via::OwnMessageId, Relation::Customer, false, High),
        (Via::OwnMessageId, Relation::SameCustomer, true, High),
        (Via::OwnMessageId, Relation::Addressed, false, Low),
        (Via::InReplyTo, Relation::Customer, true, High),
        (Via::InReplyTo, Relation::Customer, false, Low),
        (Via::InReplyTo, Relation::SameCustomer, true, Low),
        (Via::References, Relation::Customer, true, High),
        (Via::References, Relation::Addressed, true, Low),
        (Via::Address, Relation::Customer, false, Low),
    ] {
        let to = Lead { same_subject, ..lead(1, relation) };
        let (bound, confidence, _) = by_default(&[clue(via, to)]);
        assert_eq!((bound, confidence), (Some(1), expected), "{via} from {relation}, same subject: {same_subject}");
    }
}

#[test]
fn b7_a_stranger_who_quotes_an_id_joins_nothing() {
    for via in [Via::ReplyToken, Via::OwnMessageId, Via::InReplyTo, Via::References, Via::Subject, Via::Address] {
        for policy in policies() {
            let (to, confidence, findings) = decided(&[clue(via, lead(1, Relation::Stranger))], false, &policy);
            assert_eq!((to, confidence), (None, Confidence::None), "{via}");
            assert_eq!(findings, [Finding::Stranger]);
        }
    }
    let own = [clue(Via::OwnMessageId, lead(1, Relation::Stranger)), clue(Via::Address, lead(2, Relation::Customer))];
    assert_eq!(by_default(&own).0, Some(2), "their own conversation is theirs");
}

/// Every setting of the policy.
fn policies() -> Vec<ThreadingPolicy> {
    (0..32_u8)
        .map(|bits| ThreadingPolicy {
            other_addresses: bits & 1 > 0,
            people_addressed: bits & 2 > 0,
            references_with_other_subject: bits & 4 > 0,
            subject_alone: bits & 8 > 0,
            strangers: if bits & 16 > 0 { quarantine() } else { Strangers::Open },
        })
        .collect()
}

#[test]
fn b7_nothing_binds_at_another_entry_point() {
    for via in [Via::ReplyToken, Via::OwnMessageId, Via::InReplyTo, Via::References, Via::Subject, Via::Address] {
        for relation in [Relation::Customer, Relation::SameCustomer, Relation::MailSystem, Relation::Stranger] {
            for policy in policies() {
                let to = Lead { same_entry_point: false, ..lead(1, relation) };
                let (to, _, findings) = decided(&[clue(via, to)], false, &policy);
                assert_eq!((to, findings), (None, vec![Finding::OtherEntryPoint]), "{via}, {relation}");
            }
        }
    }
}

#[test]
fn b7_who_may_join_is_the_organizations_policy() {
    let strict = ThreadingPolicy { other_addresses: false, people_addressed: false, ..ThreadingPolicy::default() };
    for relation in [Relation::SameCustomer, Relation::Addressed] {
        let clues = [clue(Via::OwnMessageId, lead(1, relation))];
        assert_eq!(by_default(&clues).0, Some(1), "{relation}");
        assert_eq!(decided(&clues, false, &strict), (None, Confidence::None, vec![Finding::NotAdmitted]));
    }
}

#[test]
fn b7_references_need_the_same_subject_unless_policy_says_otherwise() {
    let other = Lead { same_subject: false, ..lead(1, Relation::Customer) };
    let clues = [clue(Via::References, other)];
    assert_eq!(by_default(&clues), (None, Confidence::None, vec![Finding::OtherSubject]));
    let lenient = ThreadingPolicy { references_with_other_subject: true, ..ThreadingPolicy::default() };
    assert_eq!(decided(&clues, false, &lenient), (Some(1), Confidence::Low, vec![Finding::Bound]));
    assert_eq!(by_default(&[clue(Via::InReplyTo, other)]).0, Some(1), "In-Reply-To is enough by itself");
}

#[test]
fn b7_a_subject_alone_binds_only_by_policy_and_only_the_same() {
    let by_subject = ThreadingPolicy { subject_alone: true, ..ThreadingPolicy::default() };
    let same = [clue(Via::Subject, lead(1, Relation::SameCustomer))];
    assert_eq!(by_default(&same), (None, Confidence::None, vec![Finding::TooLittle]));
    assert_eq!(decided(&same, false, &by_subject), (Some(1), Confidence::Low, vec![Finding::Bound]));
    let other = [clue(Via::Subject, Lead { same_subject: false, ..lead(1, Relation::Customer) })];
    assert_eq!(decided(&other, false, &by_subject).0, None);
}

#[test]
fn b7_a_forward_by_somebody_else_does_not_bind() {
    let policy = ThreadingPolicy::default();
    for (relation, expected) in [
        (Relation::Customer, Some(1)),
        (Relation::SameCustomer, None),
        (Relation::Addressed, None),
        (Relation::Stranger, None),
    ] {
        let clues = [clue(Via::InReplyTo, lead(1, relation))];
        assert_eq!(decided(&clues, true, &policy).0, expected, "{relation}");
    }
}

#[test]
fn b7_what_cannot_be_bound_safely_is_held_back_by_policy() {
    let quarantine = ThreadingPolicy { strangers: quarantine(), ..ThreadingPolicy::default() };
    let stranger = clue(Via::InReplyTo, lead(1, Relation::Stranger));
    let forged = Clue::NotValidHere { via: Via::OwnMessageId };
    let unknown = Clue::Unknown { via: Via::InReplyTo };
    for (clues, held) in [(&[stranger][..], true), (&[forged], true), (&[unknown], false), (&[], false)] {
        let expected = if held { BoundTo::Quarantine } else { BoundTo::Nothing };
        assert_eq!(bind(clues, false, &quarantine).to, expected, "{clues:?}");
        assert_eq!(bind(clues, false, &ThreadingPolicy::default()).to, BoundTo::Nothing);
    }
    let own = clue(Via::Address, lead(2, Relation::Customer));
    assert!(matches!(bind(&[stranger, own], false, &quarantine).to, BoundTo::Conversation { .. }));
}

#[test]
fn b7_the_evidence_is_data_and_a_sentence() {
    let binding = bind(
        &[clue(Via::InReplyTo, lead(1, Relation::Customer)), Clue::NotValidHere { via: Via::OwnMessageId }],
        false,
        &ThreadingPolicy::default(),
    );
    let json = serde_json::to_string(&binding).unwrap();
    assert_eq!(serde_json::from_str::<outbound::model::Binding>(&json).unwrap(), binding);
    let told: Vec<String> = binding.evidence.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["own_message_id: not_valid_here", "in_reply_to: bound, from customer, same subject"]);
    assert!(json.contains(r#""finding":"not_valid_here""#), "{json}");
}

#[test]
fn b7_what_a_mail_names_is_listed_strongest_first() {
    let keys = ThreadingKeys::new(ThreadingKey::new(&[7; 32]).unwrap());
    let (scope, message) = (b"acme/care", MessageId::from(Uuid::from_u128(5)));
    let bits = message.as_uuid().into_bytes();
    let own = keys.message_id(scope, bits, "x").unwrap();
    let elsewhere = keys.message_id(b"acme/sales", bits, "x").unwrap();
    let token = keys.reply_address(scope, bits, "care@x").unwrap();
    let headers = MailHeaders::from_pairs([
        ("To", format!("other@x, {token}")),
        ("In-Reply-To", "<alias1@ses>".into()),
        ("References", format!("<r1@x> <{own}> <{elsewhere}> <alias1@ses> <r2@x>")),
    ]);
    let named: Vec<(Via, Names)> =
        quotes(&headers, Some(&keys), scope).into_iter().map(|quote| (quote.via, quote.names)).collect();
    let id = |text: &str| Names::Id(outbound::mail::MailId::parse(text).unwrap());
    assert_eq!(
        named,
        [
            (Via::ReplyToken, Names::Own(message)),
            (Via::OwnMessageId, Names::NotValidHere),
            (Via::InReplyTo, id("alias1@ses")),
            (Via::References, id("r2@x")),
            (Via::References, id("r1@x")),
        ],
        "each thing once, by the strongest way it is named; the newest reference first"
    );
    assert!(quotes(&headers, None, scope).iter().all(|quote| matches!(quote.names, Names::Id(_))));
    let many = MailHeaders::from_pairs([("References", (0..90).map(|n| format!("<{n}@x>")).collect::<String>())]);
    assert_eq!(quotes(&many, None, scope).len(), MAX_QUOTES);
}
