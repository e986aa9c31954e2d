//! The model's own reading of a set-up.

use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
pub struct Setup {
    pub organization: Organization,
    pub sites: Vec<Site>,
    pub teams: Vec<Team>,
    pub agents: Vec<Agent>,
    pub profiles: Vec<Profile>,
    pub entry_points: Vec<EntryPoint>,
    pub queues: Vec<Queue>,
    pub wrap_up_reasons: Vec<Named>,
    pub idle_reasons: Vec<Named>,
    pub workflows: Vec<Workflow>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Organization {
    pub digital_channels: bool,
    pub fallback_queue: String,
    pub declined_idle_reason: String,
    pub max_transfers: usize,
    #[serde(default)]
    pub conflict_scope: Option<String>,
    pub timings: Timings,
    #[serde(default)]
    pub consent: Consent,
    #[serde(default)]
    pub quiet_hours: QuietHours,
    #[serde(default)]
    pub caps: Caps,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct QuietHours {
    pub mode: String,
    pub sms: Quiet,
    pub email: Quiet,
    pub assumed_zones: Vec<String>,
    pub answers_exempt_minutes: i64,
    pub overridable: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Quiet {
    pub windows: Vec<Window>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Window {
    pub days: Option<Vec<String>>,
    #[serde(deserialize_with = "minutes")]
    pub from: i64,
    #[serde(deserialize_with = "minutes")]
    pub to: i64,
}

/// A clock's `21:00`, in minutes of the day.
fn minutes<'de, D: serde::Deserializer<'de>>(clock: D) -> Result<i64, D::Error> {
    let clock = String::deserialize(clock)?;
    let (hours, minutes) = clock.split_once(':').unwrap();
    Ok(hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap())
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Caps {
    pub limits: Vec<Cap>,
    pub answers_exempt_minutes: i64,
    pub overridable: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Cap {
    pub count: usize,
    pub within_seconds: i64,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Consent {
    pub scope: Option<String>,
    pub confirmation: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Timings {
    pub offer_seconds: i64,
    pub handover_seconds: i64,
    pub max_park_seconds: i64,
    pub wrap_up: WrapUp,
    pub delivery: Delivery,
}

#[derive(Debug, Clone, Deserialize)]
pub struct WrapUp {
    pub seconds: i64,
    pub default_reason: String,
    pub extension_seconds: i64,
    pub max_extensions: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Delivery {
    pub lease_seconds: i64,
    pub first_retry_seconds: i64,
    pub max_retry_seconds: i64,
    pub expire_after_seconds: i64,
    pub max_attempts: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Site {
    pub id: String,
    pub profile: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Team {
    pub id: String,
    pub site: String,
    pub profile: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Agent {
    pub id: String,
    pub licence: String,
    pub digital_access: bool,
    pub teams: Vec<String>,
    pub profile: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Profile {
    pub id: String,
    pub blending: String,
    pub states: Option<String>,
    pub limits: Limits,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub voice: Limit,
    pub chat: Limit,
    pub email: Limit,
    pub social: Limit,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Limit {
    pub slots: usize,
    pub outbound: Option<usize>,
}

impl Profile {
    pub fn limit(&self, class: &str) -> &Limit {
        match class {
            "voice" => &self.limits.voice,
            "chat" => &self.limits.chat,
            "email" => &self.limits.email,
            _ => &self.limits.social,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct EntryPoint {
    pub id: String,
    pub channel: String,
    pub queue: String,
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Queue {
    pub id: String,
    pub channels: Vec<String>,
    pub teams: Vec<String>,
    pub offer_seconds: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Named {
    pub id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Workflow {
    pub id: String,
    pub trigger: String,
}

impl Setup {
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents.iter().find(|it| it.id == id)
    }

    pub fn entry_point(&self, id: &str) -> Option<&EntryPoint> {
        self.entry_points.iter().find(|it| it.id == id)
    }

    pub fn queue(&self, id: &str) -> Option<&Queue> {
        self.queues.iter().find(|it| it.id == id)
    }

    /// R5: the agent's own, else the team's, else the site's.
    pub fn profile_of(&self, agent: &Agent, team: Option<&str>) -> Option<&Profile> {
        let team = self.teams.iter().find(|it| Some(it.id.as_str()) == team);
        let site = team.and_then(|team| self.sites.iter().find(|it| it.id == team.site));
        let of_team = team.and_then(|it| it.profile.clone());
        let of_site = site.and_then(|it| it.profile.clone());
        let id = agent.profile.clone().or(of_team).or(of_site)?;
        self.profiles.iter().find(|it| it.id == id)
    }
}
