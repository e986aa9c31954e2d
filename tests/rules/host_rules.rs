//! Hosts add their own rules and reasons without forking (B17).

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Timelike, Utc};
use outbound::command::{SendMessage, StartOutbound, Target, Transfer};
use outbound::directory::Directory;
use outbound::engine::Terms;
use outbound::model::{ShapeOnly, Wording};
use outbound::policy::{Ask, HostReason, HostRule};
use outbound::query::TransferTargets;
use outbound::record::Event;
use outbound::refusal::{Category, Code, HostCode, HostCodeError, Language, Refusals, Retry, Value};

use crate::day::round_trip;
use crate::support::{Floor, acme, id, sms};

const VIP: &str = "+351912345678";
const OTHER: &str = "+351912345679";

fn code(text: &str) -> Code {
    Code::Host(HostCode::parse(text).unwrap())
}

fn reason(says: impl Into<String>, remedy: &str, retry: Retry) -> Option<HostReason> {
    Some(HostReason { says: says.into(), remedy: remedy.into(), retry })
}

/// VIPs are Ana's.
#[derive(Debug)]
struct Vip;

impl HostRule for Vip {
    fn code(&self) -> HostCode {
        HostCode::parse("acme.vip_only").unwrap()
    }

    fn check(&self, ask: &Ask<'_>, _now: DateTime<Utc>) -> Option<HostReason> {
        let forbidden = match ask {
            Ask::Start { agent, to, .. } => to.as_text() == VIP && *agent.id() != id("ana"),
            Ask::Transfer { conversation, to, .. } => {
                conversation.address().as_text() == VIP && to.is_none_or(|to| *to.id() != id("carla"))
            }
            _ => false,
        };
        forbidden.then(|| reason("this customer is a VIP", "leave it to Ana", Retry::Never))?
    }
}

/// Nobody promises anything, and nobody starts after six.
#[derive(Debug)]
struct Manners;

impl HostRule for Manners {
    fn code(&self) -> HostCode {
        HostCode::parse("acme.manners").unwrap()
    }

    fn check(&self, ask: &Ask<'_>, now: DateTime<Utc>) -> Option<HostReason> {
        match ask {
            Ask::Start { entry_point, .. } if now.hour() >= 18 => {
                let says = format!("{} is closed", entry_point.name());
                reason(says, "write in the morning", Retry::At(now + chrono::TimeDelta::hours(15)))
            }
            Ask::Send { content, .. } if content.body.expose().contains("promise") => {
                reason("a promise is not ours to make", "leave it out", Retry::WithOtherInput)
            }
            _ => None,
        }
    }
}

fn with_rules() -> Floor {
    let terms = Terms::new(Directory::new(acme()).unwrap(), ShapeOnly).with_rule(Vip).with_rule(Manners);
    let floor = Floor::under(terms);
    floor.sign_in(&["ana", "bruno", "carla"]);
    floor
}

#[test]
fn b17_a_rule_of_the_hosts_refuses_with_the_hosts_own_code_and_words() {
    let floor = with_rules();
    let refusals = floor.refuses(&sms("bruno", VIP), code("acme.vip_only"));
    assert_eq!(refusals.codes(), [code("acme.vip_only")]);
    let refusal = refusals.primary();
    assert_eq!(
        (refusal.says(Language::English), refusal.rule().to_string()),
        ("this customer is a VIP".into(), "B17".into())
    );
    assert_eq!((refusal.remedy(Language::English), refusal.retry()), ("leave it to Ana".into(), Retry::Never));
    assert_eq!(refusal.category(), Category::NotAllowed);
    round_trip(&refusals);
    floor.passes(&sms("ana", VIP), code("acme.vip_only"));
    floor.ok(&sms("ana", VIP));
    floor.ok(&sms("bruno", OTHER));
}

#[test]
fn b17_every_rule_is_asked_in_the_order_in_which_it_was_added() {
    let floor = with_rules();
    floor.advance(9 * 3600);
    let explained = floor.explain(&sms("bruno", VIP));
    let asked = explained.checks.iter().map(|it| it.code().clone()).filter(|it| matches!(it, Code::Host(_)));
    assert_eq!(asked.collect::<Vec<_>>(), [code("acme.vip_only"), code("acme.manners")]);
    let refusals = floor.refused(&sms("bruno", VIP));
    assert!(refusals.has(&code("acme.vip_only")) && refusals.has(&code("acme.manners")));
    let closed = refusals.find(&code("acme.manners")).unwrap();
    assert_eq!(closed.fact("says"), Some(&Value::Text("Care SMS is closed".into())));
    assert_eq!(closed.retry(), Retry::At(floor.now() + chrono::TimeDelta::hours(15)));
}

#[test]
fn b17_the_librarys_own_reasons_come_first() {
    let floor = with_rules();
    floor.set_idle("bruno");
    let refusals = floor.refused(&sms("bruno", VIP));
    assert_eq!(refusals.codes(), [Code::AgentIdle, code("acme.vip_only")]);
}

#[test]
fn b17_sends_and_transfers_are_asked_about_too() {
    let floor = with_rules();
    let conversation = floor.start_sms("ana", VIP);
    let send = |text: &str| SendMessage::new(id("ana"), conversation, Wording::text(text));
    floor.refuses(&send("I promise"), code("acme.manners"));
    floor.passes(&send("I hope"), code("acme.manners"));
    let to = |to| Transfer { agent: id("ana"), conversation, to };
    floor.refuses(&to(Target::Agent(id("bruno"))), code("acme.vip_only"));
    floor.refuses(&to(Target::Queue(id("care_queue"))), code("acme.vip_only"));
    floor.ok(&to(Target::Agent(id("carla"))));
}

#[test]
fn b17_the_hosts_words_can_be_told_in_the_readers_language() {
    let floor = with_rules();
    let refused = floor.refuses(&sms("bruno", VIP), code("acme.vip_only"));
    let told = refused.primary().report_with(Language::Spanish, |fact| match (fact.name(), fact.value()) {
        ("says", Value::Text(text)) if text == "this customer is a VIP" => Some("este cliente es VIP".into()),
        _ => None,
    });
    assert_eq!((told.says.as_str(), told.remedy.as_str()), ("este cliente es VIP", "leave it to Ana"));
}

#[test]
fn b17_rules_are_swapped_while_the_desk_works() {
    let floor = with_rules();
    floor.refuses(&sms("bruno", VIP), code("acme.vip_only"));
    floor.desk.replace_terms(Terms::new(Directory::new(acme()).unwrap(), ShapeOnly)).unwrap();
    floor.ok(&sms("bruno", VIP));
}

/// What a rule was told about: whose address it is, and which queue.
#[derive(Debug, Clone, Default)]
struct Hears(Arc<Mutex<Vec<String>>>);

impl HostRule for Hears {
    fn code(&self) -> HostCode {
        HostCode::parse("acme.hears").unwrap()
    }

    fn check(&self, ask: &Ask<'_>, _now: DateTime<Utc>) -> Option<HostReason> {
        let heard = match ask {
            Ask::Start { customer, .. } => customer.map(ToString::to_string),
            Ask::Transfer { to, queue, .. } => {
                assert_ne!(to.is_some(), queue.is_some(), "either an agent or a queue");
                queue.map(|queue| queue.id().to_string())
            }
            _ => return None,
        };
        self.0.lock().unwrap().push(heard.unwrap_or_else(|| "nobody".into()));
        None
    }
}

#[test]
fn b17_a_rule_hears_whose_address_it_is_and_to_which_queue_a_task_goes() {
    let hears = Hears::default();
    let floor = Floor::under(Terms::new(Directory::new(acme()).unwrap(), ShapeOnly).with_rule(hears.clone()));
    floor.sign_in(&["ana", "bruno"]);
    let told = |work: &dyn Fn()| {
        hears.0.lock().unwrap().clear();
        work();
        hears.0.lock().unwrap().first().cloned()
    };
    assert_eq!(told(&|| drop(floor.explain(&sms("ana", VIP)))).as_deref(), Some("nobody"));
    let named = StartOutbound { customer: Some(id("c-7")), ..sms("ana", VIP) };
    assert_eq!(told(&|| drop(floor.explain(&named))).as_deref(), Some("c-7"));
    let conversation = floor.ok(&named).conversation;
    assert_eq!(told(&|| drop(floor.explain(&sms("bruno", VIP)))).as_deref(), Some("c-7"), "by its contact");
    let to = |to| Transfer { agent: id("ana"), conversation, to };
    assert_eq!(told(&|| drop(floor.explain(&to(Target::Agent(id("bruno")))))).as_deref(), Some("nobody"));
    assert_eq!(told(&|| drop(floor.explain(&to(Target::Queue(id("care_queue")))))).as_deref(), Some("care_queue"));
}

#[test]
fn b17_a_refusal_by_the_host_is_recorded_like_any_other() {
    let floor = with_rules().audited();
    floor.refused(&sms("bruno", VIP));
    let last = floor.events().pop().unwrap();
    round_trip(&last);
    let Event::Refused(attempt) = last.event else { panic!("{last:?}") };
    assert_eq!(attempt.refusals.codes(), [code("acme.vip_only")]);
}

#[test]
fn b17_a_hosts_code_is_its_own() {
    for text in ["vip", "", "acme.", ".vip", "Acme.vip", "acme.vip only", "acme..vip"] {
        assert_eq!(HostCode::parse(text), Err(HostCodeError::Form(text.into())));
    }
    for text in ["agent.vip", "conversation.exists", "capacity.mine"] {
        assert_eq!(HostCode::parse(text), Err(HostCodeError::Reserved(text.into())));
    }
    assert_eq!(HostCode::parse("acme.team_7.vip").unwrap().as_str(), "acme.team_7.vip");
}

#[test]
fn b17_the_list_of_targets_says_what_a_rule_of_the_hosts_has_against_each() {
    let floor = with_rules();
    let vip = floor.start_sms("ana", VIP);
    let other = floor.start_sms("ana", OTHER);
    let against = |conversation| {
        let answer = floor.desk.ask(&TransferTargets::new(conversation, 10, 10)).unwrap();
        let of_agent = |agent: &str| answer.agents.iter().find(|it| it.id == id(agent)).unwrap().refusals.clone();
        let has = |refusals: Option<Refusals>| refusals.is_some_and(|it| it.has(&code("acme.vip_only")));
        let queues: Vec<bool> = answer.queues.iter().map(|queue| has(queue.refusals.clone())).collect();
        assert!(answer.queues.iter().all(|queue| queue.is_available() == queue.refusals.is_none()));
        (has(of_agent("bruno")), has(of_agent("carla")), queues)
    };
    assert_eq!(against(vip), (true, false, vec![true; 3]));
    assert_eq!(against(other), (false, false, vec![false; 3]));
    let refused = floor.explain(&Transfer { agent: id("ana"), conversation: vip, to: Target::Agent(id("bruno")) });
    assert!(!refused.is_allowed(), "the list and the transfer agree");
}
