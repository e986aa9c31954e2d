//! Signing in and out, setting a state, RONA, and states per channel (R5, R6, R8, R49).

use outbound::command::{Decline, RecoverFromRona, RouteNext, SetState, SignIn, SignOut, Unfinished};
use outbound::model::{Channel, ChosenState, MediaClass, State, TaskState, WrapUpHow};
use outbound::refusal::{Category, Code, Value};

use crate::support::{Floor, email, id, offered_interaction, signed_in, sms};

const CUSTOMER: &str = "+351912345678";

fn sign_in(agent: &str, team: &str) -> SignIn {
    SignIn { agent: id(agent), team: id(team), state: ChosenState::Available }
}

fn sign_out(agent: &str, unfinished: Unfinished) -> SignOut {
    SignOut { agent: id(agent), unfinished }
}

fn available(agent: &str) -> SetState {
    SetState { agent: id(agent), class: None, state: ChosenState::Available }
}

fn idle(agent: &str, class: Option<MediaClass>, reason: &str) -> SetState {
    SetState { agent: id(agent), class, state: ChosenState::Idle(id(reason)) }
}

fn recover(agent: &str) -> RecoverFromRona {
    RecoverFromRona { agent: id(agent), state: ChosenState::Available }
}

#[test]
fn r08_an_agent_signs_in_once_and_to_a_team_of_theirs() {
    let floor = Floor::new();
    let begins_idle = SignIn { state: ChosenState::Idle(id("lunch")), ..sign_in("carla", "care") };
    for code in [Code::AgentUnknown, Code::AgentSignedIn, Code::AgentNotInTeam, Code::AgentIdleReasonUnknown] {
        floor.passes(&begins_idle, code);
    }
    floor.refuses(&sign_in("nobody", "care"), Code::AgentUnknown);
    let other_team = floor.refuses(&sign_in("carla", "sales"), Code::AgentNotInTeam);
    assert_eq!(other_team.primary().category(), Category::NotAllowed);
    let no_reason = SignIn { state: ChosenState::Idle(id("siesta")), ..sign_in("carla", "care") };
    floor.refuses(&no_reason, Code::AgentIdleReasonUnknown);
    floor.ok(&sign_in("carla", "care"));
    let again = floor.refuses(&sign_in("carla", "care"), Code::AgentSignedIn);
    assert_eq!(again.primary().fact("team"), Some(&Value::Team(id("care"))));
    assert_eq!(again.codes(), [Code::AgentSignedIn]);
}

#[test]
fn r08_signing_in_again_begins_a_new_session() {
    let floor = signed_in(&["ana"]);
    floor.set_idle("ana");
    floor.ok(&sign_out("ana", Unfinished::Refuse));
    floor.advance(5);
    floor.sign_in_to("ana", "sales");
    let session = floor.presence("ana").session().cloned().unwrap();
    assert_eq!((session.team, session.since), (id("sales"), floor.now()));
    assert_eq!(floor.state("ana"), State::Available);
}

#[test]
fn r08_signing_out_needs_empty_hands() {
    let floor = signed_in(&["ana", "bruno"]);
    floor.passes(&sign_out("ana", Unfinished::Refuse), Code::AgentHoldsWork);
    floor.start_sms("ana", CUSTOMER);
    floor.ok(&offered_interaction("ana", MediaClass::Voice));
    let refusals = floor.refuses(&sign_out("ana", Unfinished::Refuse), Code::AgentHoldsWork);
    assert_eq!(refusals.primary().count("held"), Some(2));
    floor.refuses(&sign_out("carla", Unfinished::Requeue), Code::AgentSignedOut);
    floor.passes(&sign_out("ana", Unfinished::Requeue), Code::AgentSignedOut);
}

#[test]
fn r08_an_agent_who_leaves_work_to_others_leaves_no_slot_behind() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.ok(&offered_interaction("ana", MediaClass::Voice));
    let closed = floor.start_email("ana", "rui@customer.example");
    floor.close("ana", closed);
    floor.ok(&sign_out("ana", Unfinished::Requeue));
    assert!(floor.presence("ana").session().is_none());
    assert!(floor.presence("ana").slots().is_empty());
    let queued = floor.conversation(conversation);
    assert_eq!(queued.state(), &TaskState::Queued { queue: id("care_queue"), since: floor.now() });
    let wrap_up = floor.conversation(closed).legs()[0].wrap_up.clone().unwrap();
    assert_eq!((wrap_up.reason, wrap_up.how), (id("none_given"), WrapUpHow::Default));
    let offered = floor.ok(&RouteNext { queue: id("care_queue"), agent: None });
    assert_eq!(offered.to, id("bruno"));
}

#[test]
fn r49_an_offer_to_an_agent_who_signs_out_goes_back() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.transfer("ana", conversation, "bruno");
    floor.ok(&sign_out("bruno", Unfinished::Refuse));
    assert_eq!(floor.conversation(conversation).state().agent(), Some(&id("ana")));
    floor.send("ana", conversation, "still me");
}

#[test]
fn r06_a_state_is_set_by_an_agent_who_is_known_and_signed_in() {
    let floor = signed_in(&["ana"]);
    floor.refuses(&available("nobody"), Code::AgentUnknown);
    floor.refuses(&available("bruno"), Code::AgentSignedOut);
    floor.refuses(&idle("ana", None, "siesta"), Code::AgentIdleReasonUnknown);
    for code in [Code::AgentUnknown, Code::AgentSignedOut, Code::AgentIdleReasonUnknown, Code::AgentInRona] {
        floor.passes(&idle("ana", None, "lunch"), code);
    }
    floor.ok(&idle("ana", None, "lunch"));
    assert_eq!(floor.state("ana"), State::Idle(id("lunch")));
}

#[test]
fn r06_what_an_agent_holds_is_not_changed_by_a_state() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.set_idle("ana");
    floor.send("ana", conversation, "back in an hour");
    floor.close("ana", conversation);
}

#[test]
fn r06_rona_is_left_by_recovering_and_in_no_other_way() {
    let floor = signed_in(&["ana", "bruno"]);
    let not_in_rona = floor.refuses(&recover("bruno"), Code::AgentNotInRona);
    assert_eq!(not_in_rona.primary().fact("state"), Some(&Value::Text("available".into())));
    floor.bring_into_rona("bruno", "ana", "+351910000009");
    let refusals = floor.refuses(&available("bruno"), Code::AgentInRona);
    assert_eq!(refusals.codes(), [Code::AgentInRona]);
    floor.refuses(&idle("bruno", None, "lunch"), Code::AgentInRona);
    floor.passes(&recover("bruno"), Code::AgentNotInRona);
    let unknown_reason = RecoverFromRona { agent: id("bruno"), state: ChosenState::Idle(id("siesta")) };
    floor.refuses(&unknown_reason, Code::AgentIdleReasonUnknown);
    floor.ok(&RecoverFromRona { agent: id("bruno"), state: ChosenState::Idle(id("lunch")) });
    assert_eq!(floor.state("bruno"), State::Idle(id("lunch")));
    floor.ok(&available("bruno"));
}

#[test]
fn r49_an_agent_in_rona_gets_no_offers_until_recovered() {
    let floor = signed_in(&["ana", "bruno"]);
    floor.bring_into_rona("bruno", "ana", "+351910000009");
    floor.set_idle("ana");
    floor.receive_sms("sms_care", CUSTOMER, "hello?");
    let route = RouteNext { queue: id("care_queue"), agent: Some(id("bruno")) };
    let refusals = floor.refuses(&route, Code::TargetNotAvailable);
    assert_eq!(refusals.primary().fact("state"), Some(&Value::Text("rona".into())));
    floor.refuses(&RouteNext { queue: id("care_queue"), agent: None }, Code::QueueNoAgent);
    floor.ok(&recover("bruno"));
    assert_eq!(floor.ok(&route).to, id("bruno"));
}

#[test]
fn r06_a_state_for_one_class_needs_a_profile_that_keeps_them_apart() {
    let floor = signed_in(&["ana", "hugo"]);
    let social = Some(MediaClass::Social);
    let refusals = floor.refuses(&idle("ana", social, "lunch"), Code::AgentStateNotPerChannel);
    assert_eq!(refusals.primary().category(), Category::NotAllowed);
    floor.passes(&idle("hugo", social, "lunch"), Code::AgentStateNotPerChannel);
    floor.ok(&idle("hugo", social, "lunch"));
    floor.refuses(&sms("hugo", CUSTOMER), Code::AgentIdle);
    floor.passes(&email("hugo", "rui@customer.example"), Code::AgentIdle);
    floor.ok(&email("hugo", "rui@customer.example"));
}

#[test]
fn r49_rona_covers_only_its_class_where_states_are_kept_apart() {
    let floor = signed_in(&["ana", "hugo"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.transfer("ana", conversation, "hugo");
    floor.pass(31);
    let state = |class| floor.presence("hugo").state(class).unwrap().state.clone();
    assert_eq!((state(MediaClass::Social), state(MediaClass::Email)), (State::Rona, State::Available));
    floor.refuses(&idle("hugo", Some(MediaClass::Social), "lunch"), Code::AgentInRona);
    floor.refuses(&available("hugo"), Code::AgentInRona);
    floor.ok(&idle("hugo", Some(MediaClass::Email), "lunch"));
    floor.ok(&recover("hugo"));
    assert_eq!(state(MediaClass::Social), State::Available);
    assert_eq!(state(MediaClass::Email), State::Idle(id("lunch")), "only the classes in RONA recover");
}

#[test]
fn r49_declining_makes_idle_only_in_its_class_where_states_are_kept_apart() {
    let floor = signed_in(&["ana", "hugo"]);
    let conversation = floor.start_email("ana", "rui@customer.example");
    let offer = floor.transfer("ana", conversation, "hugo").offer;
    floor.ok(&Decline { agent: id("hugo"), conversation, offer });
    let state = |channel: Channel| floor.presence("hugo").state(channel.class()).unwrap().state.clone();
    assert_eq!((state(Channel::Email), state(Channel::Sms)), (State::Idle(id("declined")), State::Available));
}

#[test]
fn r08_a_host_can_sign_out_an_agent_whom_the_directory_no_longer_has() {
    let floor = signed_in(&["iris"]);
    let conversation = floor.start_sms("iris", CUSTOMER);
    floor.change(|setup| setup.agents.retain(|agent| agent.id != id("iris")));
    floor.refuses(&available("iris"), Code::AgentUnknown);
    floor.refuses(&sms("iris", "+351912345679"), Code::AgentUnknown);
    floor.ok(&sign_out("iris", Unfinished::Requeue));
    assert!(matches!(floor.conversation(conversation).state(), TaskState::Queued { .. }));
}
