//! What comes from outside and is not right: a parse error names the field and the problem, and nothing panics.
#![expect(clippy::panic, reason = "a test that cannot go on says so by a panic")]

use std::convert::Infallible;

use outbound::command::{FireDue, SendMessage, StartOutbound, WrapUp};
use outbound::directory::Directory;
use outbound::engine::{Fault, Misuse};
use outbound::model::{
    AgentId, Channel, CommandId, ConversationId, InlineImage, Key, KeyError, Subject, UnknownChannel,
};
use outbound::port::Failure;
use outbound::record::{Entry, Index, Query};
use outbound::refusal::{Code, Fact, Language, Refusal, Refusals, Report};
use proptest::prelude::*;
use serde::Deserialize as _;
use serde::de::DeserializeOwned;

fn problem<T: DeserializeOwned>(json: &str) -> String {
    match serde_json::from_str::<T>(json) {
        Ok(_) => panic!("{json} should not be accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn r10_a_channel_and_a_key_are_read_as_they_are_written() {
    for channel in Channel::ALL {
        assert_eq!(channel.to_string().parse(), Ok(channel));
    }
    for text in ["fax", "", "SMS", " sms"] {
        assert_eq!(text.parse::<Channel>(), Err(UnknownChannel));
    }
    let key = Key::presence(&AgentId::parse("ana").unwrap());
    assert_eq!((key.to_string().parse(), "presence/x".parse::<Key>()), (Ok(key), Err(KeyError)));
}

#[test]
fn r13_a_command_that_cannot_be_read_says_which_field_and_why() {
    let start = |agent: &str, channel: &str, entry_point: &str| {
        format!(r#"{{"agent":{agent},"channel":{channel},"entry_point":{entry_point},"to":"+351912345678"}}"#)
    };
    for (json, expected) in [
        (start(r#""""#, r#""sms""#, r#""sms_care""#), "agent id: is empty"),
        (start(r#""ana ""#, r#""sms""#, r#""sms_care""#), "agent id: begins or ends with white space"),
        (start(r#""a\u0007na""#, r#""sms""#, r#""sms_care""#), "agent id: holds the control character"),
        (start(r#""ana""#, r#""fax""#, r#""sms_care""#), "unknown variant `fax`"),
        (start(r#""ana""#, r#""sms""#, "null"), "invalid type: null"),
        (r#"{"agent":"ana","channel":"sms","to":"+351"}"#.into(), "missing field `entry_point`"),
    ] {
        let problem = problem::<StartOutbound>(&json);
        assert!(problem.contains(expected), "{json}: {problem}");
    }
    let long = "x".repeat(201);
    assert!(problem::<AgentId>(&format!("{long:?}")).contains("has 201 bytes, and 200 are the most"));
    assert!(problem::<WrapUp>(r#"{"agent":"ana","conversation":"7","reason":"x"}"#).contains("conversation"));
    assert!(problem::<FireDue>(r#"{"at":"presence/12"}"#).contains("32 hexadecimal digits"));
}

#[test]
fn r36_a_misspelt_field_is_no_field_that_was_left_out() {
    let json = r#"{"agent":"ana","conversation":"0190163d-8694-739b-aea5-966c26f8ad91","wording":{"text":"hello"},"not_afetr":null}"#;
    assert!(problem::<SendMessage>(json).contains("unknown field `not_afetr`"));
}

#[test]
fn r31_an_images_bytes_are_base64() {
    let image = |bytes: &str| format!(r#"{{"name":"logo","media_type":"image/png","bytes":"{bytes}"}}"#);
    let read: InlineImage = serde_json::from_str(&image("AQID")).unwrap();
    assert_eq!(read.bytes.expose(), &[1, 2, 3]);
    assert_eq!(serde_json::to_string(&read).unwrap(), image("AQID"));
    assert!(problem::<InlineImage>(&image("A?")).contains("bytes in base64"));
}

#[test]
fn r13_a_refusal_is_told_in_full_and_every_failure_has_a_status() {
    let facts = vec![Fact::new("class", "social"), Fact::new("used", 5_u8), Fact::new("limit", 5_u8)];
    let refusals = Refusals::from(Refusal::new(Code::CapacityFull, facts));
    let report = serde_json::to_value(refusals.report(Language::English)).unwrap();
    assert_eq!(Vec::<Report>::deserialize(&report).unwrap(), refusals.report(Language::English), "in a client's hands");
    assert_eq!(report[0]["code"], "capacity.full");
    assert_eq!(report[0]["rule"], "R12");
    assert_eq!(report[0]["category"], "at_capacity");
    assert_eq!(report[0]["says"], "`5` of `5` slots for `social` are held");
    assert_eq!(report[0]["facts"][1], serde_json::json!({ "name": "used", "value": { "count": 5 } }));
    let reused = Fault::Misuse(Misuse::CommandIdReused("0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap()));
    let statuses = [
        Failure::<Infallible>::Refused(Box::new(refusals)),
        Failure::Contention(64),
        Failure::Fault(reused),
        Failure::Fault(Fault::Unstable(32)),
    ]
    .map(|failure| failure.http_status());
    assert_eq!(statuses, [429, 503, 409, 500]);
}

#[test]
fn b14_a_code_that_only_a_newer_build_knows_is_read_all_the_same() {
    let newer: Refusal = serde_json::from_str(r#"{"code":"conversation.newer","facts":[],"retry":"never"}"#).unwrap();
    assert_eq!(newer.code().as_str(), "conversation.newer");
    assert_eq!(serde_json::to_value(&newer).unwrap()["code"], "conversation.newer");
    assert!(problem::<Code>(r#""Not a code""#).contains("is not of the form"));
}

#[test]
fn b02_a_command_id_is_a_uuid_of_version_7() {
    let wrong = "7d444840-9dc0-11d1-b245-5ffdce74fad2".parse::<CommandId>().unwrap_err().to_string();
    assert!(wrong.contains("not a UUID of version 7"), "{wrong}");
    assert!("0190163d-8694-739b-aea5-966c26f8ad91".parse::<CommandId>().is_ok());
    assert!("no".parse::<ConversationId>().unwrap_err().to_string().contains("`no` is not a UUID"));
}

#[test]
fn b02_a_key_and_a_scope_have_one_text_each() {
    let key = Key::presence(&AgentId::parse("ana").unwrap());
    let written = key.to_string();
    assert_eq!(serde_json::from_str::<Key>(&format!("{written:?}")).unwrap(), key);
    let digits = "0".repeat(31);
    for other in [written.replace('f', "F"), format!("presence/+{digits}"), format!("presence/{digits}")] {
        assert!(problem::<Key>(&format!("{other:?}")).contains("32 hexadecimal digits, in lower case"), "{other}");
    }

    let entry = Entry { index: Index::Waiting, scope: [0xab; 16], order: i64::MIN, key };
    let json = serde_json::to_string(&entry).unwrap();
    assert!(json.contains(&format!(r#""scope":"{}""#, "ab".repeat(16))), "{json}");
    assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    for scope in ["ab".repeat(15), "AB".repeat(16), format!("+{digits}"), "é".repeat(16)] {
        assert!(problem::<Entry>(&json.replace(&"ab".repeat(16), &scope)).contains("a scope is written"), "{scope}");
    }
    let query = Query::waiting(&"care_queue".parse().unwrap(), 3);
    assert_eq!(serde_json::from_str::<Query>(&serde_json::to_string(&query).unwrap()).unwrap(), query);
}

#[test]
fn r16_a_set_up_with_faults_reports_all_of_them_with_their_paths() {
    let mut setup: serde_json::Value = serde_json::from_str(include_str!("support/acme.json")).unwrap();
    for (at, value) in [
        ("/agents/0/teams/0", "nowhere"),
        ("/entry_points/1/queue", "nobody"),
        ("/organization/fallback_queue", "nothing"),
        ("/templates/0/body", "Hello {{naem}}"),
    ] {
        *setup.pointer_mut(at).unwrap() = value.into();
    }
    let problems = problem::<Directory>(&setup.to_string());
    for path in ["agents[0].teams[0]", "entry_points[1].queue", "organization.fallback_queue", "templates[0].body"] {
        assert!(problems.contains(path), "{path} is not reported in: {problems}");
    }
}

proptest! {
    #[test]
    fn r21_no_text_makes_a_parser_panic(text in any::<String>()) {
        let _ = AgentId::parse(&text);
        let _ = Subject::parse(&text);
        if let Some(subject) = Subject::lenient(&text) {
            let _ = subject.normalised();
        }
        let _ = serde_json::from_str::<StartOutbound>(&text);
        let _ = serde_json::from_str::<Directory>(&text);
    }
}
