//! What a process does before its first command: its directory, and the numbering rules.

use outbound::directory::setup::{AgentSetup, QueueSetup, TeamSetup};
use outbound::directory::{Directory, Licence, Setup};
use outbound::model::{AgentId, Channel, Libphonenumber, NumberPlan, QueueId, TeamId};

use crate::centre::{Outcome, organization};
use crate::measure::{Pieces, Scale, work};
use crate::table::{Unit, alone, note, subheading};

/// A second.
const LONGEST: f64 = 1e9;

/// How many teams there are.
const TEAMS: u32 = 100;

pub(crate) fn run(scale: Scale) -> Outcome {
    let (agents, queues) = scale.pick((100, 10), (10_000, 1_000), (10_000, 1_000));
    subheading(&format!("cold start: {agents} agents, {queues} queues"));
    let setup = large(agents, queues)?;
    let json = serde_json::to_string(&setup)?;
    let mut took = [(); 2].map(|()| Pieces::default());
    for _ in 0..5 {
        let [checked, read] = &mut took;
        let again = setup.clone();
        checked.add(1, || Directory::new(again))?;
        read.add(1, || serde_json::from_str::<Directory>(&json))?;
    }
    let [checked, read] = took.map(|pieces| pieces.median());
    alone("Directory::new", Unit::Nanoseconds, checked, Some(LONGEST));
    alone("  out of its JSON", Unit::Nanoseconds, read, Some(LONGEST));
    note(&format!("its JSON has {} kB", json.len() / 1024));

    let plan = Libphonenumber;
    let ((), warm_up) = work(|| plan.warm_up());
    alone("Libphonenumber::warm_up, the rules of all countries", Unit::Nanoseconds, warm_up, Some(LONGEST));
    let (first, of_country) = work(|| plan.parse("+351912345678"));
    first?;
    alone("the first number of a country after it", Unit::Nanoseconds, of_country, None);
    let mut later = Pieces::default();
    for _ in 0..20 {
        let numbers = 912_300_000..912_300_100;
        let failed = later.add(100, || numbers.filter(|number| plan.parse(&format!("+351{number}")).is_err()).count());
        crate::centre::none("numbers were refused", failed)?;
    }
    alone("a later one", Unit::Nanoseconds, later.median(), None);
    Ok(())
}

/// An organization with so many agents and queues.
fn large(agents: u32, queues: u32) -> Outcome<Setup> {
    let (mut setup, _) = organization(0)?;
    let (team, queue) = (|number| TeamId::parse(&format!("team-{number}")), |number| format!("queue-{number}"));
    let site = setup.sites.first().map(|site| site.id.clone()).ok_or("a site")?;
    for number in 0..TEAMS {
        setup.teams.push(TeamSetup {
            id: team(number)?,
            name: format!("Team {number}"),
            site: site.clone(),
            profile: None,
        });
    }
    for number in 0..agents {
        setup.agents.push(AgentSetup {
            id: AgentId::parse(&format!("agent-{number}"))?,
            name: format!("Agent Number {number}"),
            licence: Licence::Premium,
            digital_access: true,
            teams: vec![team(number % TEAMS)?, team((number + 7) % TEAMS)?],
            profile: None,
        });
    }
    for number in 0..queues {
        setup.queues.push(QueueSetup {
            id: QueueId::parse(&queue(number))?,
            name: format!("Queue {number}"),
            channels: vec![Channel::Sms, Channel::Email],
            teams: vec![team(number % TEAMS)?, team((number + 3) % TEAMS)?],
            offer_seconds: None,
        });
    }
    Ok(setup)
}
