//! The host's own rules, as the model knows them (B17).

/// Whom an agent may not write to first, and when.
pub fn why_not_started(agent: &str, entry_point: &str, address: &str) -> Option<&'static str> {
    (agent == "iris" && entry_point == "sms_sales" && address.ends_with('2')).then_some("acme.not_iris")
}

/// What an agent may not write, and to whom; a message that is sent again says what it said.
pub fn why_not_sent(agent: &str, address: &str, text: Option<&str>) -> Vec<&'static str> {
    let mut no = Vec::new();
    if text.is_some_and(|text| text.contains("promise")) {
        no.push("acme.no_promises");
    }
    if agent == "bruno" && address.starts_with("joao") {
        no.push("acme.not_bruno");
    }
    no
}

/// To whom an agent may not transfer; none is a queue.
pub fn why_not_transferred(agent: &str, address: &str, to: Option<&str>) -> Option<&'static str> {
    let to_queue = to.is_none() && address.starts_with("joao");
    let to_carla = to == Some("carla") && agent == "ana" && address.starts_with('+');
    (to_queue || to_carla).then_some("acme.stays")
}
