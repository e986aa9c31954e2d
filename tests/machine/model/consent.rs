//! What customers wish about being written to (B5).

use super::{Answer, Change, Codes, Model, Outcome, SECOND, Wish, address};

const SUPPRESSED_SECONDS: i64 = 90 * 86_400;

impl Model {
    pub fn scope(&self) -> &str {
        self.setup.organization.consent.scope.as_deref().unwrap_or("entry_point")
    }

    pub fn is_another(&self, address: &str, given: &Option<String>) -> bool {
        match (self.contact(address), given) {
            (Some(contact), Some(given)) => contact.customer != *given,
            _ => false,
        }
    }

    /// When the newest wish about an entry point was told, and whether it is to get nothing; of two at one time, that one.
    fn newest_wish(&self, address: &str, entry_point: &str, customer: Option<&str>) -> Option<(i64, bool)> {
        let mut wishes: Vec<(i64, bool)> = Vec::new();
        let contact = self.contact(address);
        for wish in contact.map_or(&[][..], |it| &it.wishes) {
            if wish.about.as_deref().is_none_or(|about| about == entry_point) {
                wishes.push((wish.at, wish.out));
            }
        }
        let customer = contact.map(|it| it.customer.as_str()).or(customer);
        if self.scope() == "organization" {
            for (who, wish) in &self.customers {
                if Some(who.as_str()) == customer {
                    wishes.push((wish.at, wish.out));
                }
            }
        }
        wishes.sort();
        wishes.last().copied()
    }

    /// B12: why somebody may be written to.
    pub fn grounds(&self, address: &str, entry_point: &str, newest_inbound: Option<usize>) -> String {
        let inbound = self.messages.iter().find(|it| Some(it.id) == newest_inbound);
        match (self.newest_wish(address, entry_point, None), inbound) {
            (Some((at, false)), _) => format!("yes at {at}"),
            (_, Some(inbound)) => format!("answer to {} at {}", inbound.id, inbound.at),
            _ => "no objection".to_owned(),
        }
    }

    pub fn why_not_written(&self, address: &str, entry_point: &str, customer: Option<&str>) -> Codes {
        let mut no = Codes::new();
        if self.newest_wish(address, entry_point, customer).is_some_and(|(_, out)| out) {
            no.insert("consent.opted_out");
        }
        if self.contact(address).is_some_and(|it| it.suppressed.values().any(|until| *until > self.now)) {
            no.insert("consent.suppressed");
        }
        no
    }

    /// Writes a wish down as far as it reaches, unless it stands so already.
    pub fn tell(&mut self, address: &str, out: bool, about: Option<&str>) -> bool {
        let about = about.filter(|_| self.scope() == "entry_point");
        let contact = self.contact(address).unwrap().clone();
        let stands = match about {
            Some(about) => self.newest_wish(address, about, None).is_some_and(|(_, told)| told == out),
            None => {
                let own = contact.wishes.iter().find(|it| it.about.is_none()).map(|it| it.out);
                let of_customer = self.customers.iter().find(|it| it.0 == contact.customer).map(|it| it.1.out);
                let general = of_customer.filter(|_| self.scope() == "organization").or(own);
                general == Some(out) && contact.wishes.iter().all(|it| it.out == out)
            }
        };
        if stands {
            return false;
        }
        let wish = Wish { about: about.map(str::to_owned), out, at: self.now };
        let wishes = &mut self.contact_mut(address).wishes;
        match about {
            Some(_) => wishes.retain(|it| it.about != wish.about),
            None => wishes.clear(),
        }
        wishes.push(wish.clone());
        if self.scope() == "organization" {
            self.customers.retain(|it| it.0 != contact.customer);
            self.customers.push((contact.customer, wish));
        }
        true
    }

    /// Nobody is there until a time, unless it is known already for as long.
    pub fn suppress(&mut self, address: &str, until: Option<i64>, by_provider: bool) {
        let until = until.unwrap_or(self.now + SUPPRESSED_SECONDS * SECOND);
        let contact = self.contact_mut(address);
        let known = contact.suppressed.entry(by_provider).or_insert(until);
        *known = until.max(*known);
    }

    /// What a provider's complaint tells about the customer.
    pub fn heed(&mut self, message: usize, problem: Option<&str>, for_good: bool) {
        let of = self.message(message).clone();
        match problem {
            Some("opted_out") => {
                self.tell(&of.address, true, Some(&of.entry_point));
            }
            Some("no_such_address") if for_good => self.suppress(&of.address, None, true),
            _ => {}
        }
    }

    pub fn set_consent(
        &mut self,
        agent: Option<String>,
        channel: &str,
        typed: &str,
        change: Change,
        about: Option<String>,
        customer: Option<String>,
    ) -> Outcome {
        let mut no = Codes::new();
        if agent.is_some_and(|agent| self.setup.agent(&agent).is_none()) {
            no.insert("agent.unknown");
        }
        if let Some(about) = &about {
            match self.setup.entry_point(about) {
                None => {
                    no.insert("entry_point.unknown");
                    return Err(no);
                }
                Some(found) if found.channel != channel => {
                    no.insert("entry_point.other_channel");
                }
                Some(_) => {}
            }
        }
        let address = self.told_of(channel, typed, customer, no)?;
        match change {
            Change::OptOut => {
                self.tell(&address, true, about.as_deref());
            }
            Change::OptIn => {
                self.tell(&address, false, about.as_deref());
            }
            Change::Suppress(until) => self.suppress(&address, until, false),
            Change::Lift => self.contact_mut(&address).suppressed.clear(),
        }
        Ok(Answer::Done)
    }

    pub fn set_zone(&mut self, channel: &str, typed: &str, zone: Option<String>, customer: Option<String>) -> Outcome {
        let mut no = Codes::new();
        if zone.as_deref() == Some("Mars/Olympus") {
            no.insert("zone.unknown");
        }
        let address = self.told_of(channel, typed, customer, no)?;
        self.contact_mut(&address).zone = zone;
        Ok(Answer::Done)
    }

    /// The contact of whom something is told; it is made where the address was never seen.
    fn told_of(
        &mut self,
        channel: &str,
        typed: &str,
        customer: Option<String>,
        mut no: Codes,
    ) -> Result<String, Codes> {
        let address = match address(channel, typed) {
            Ok(address) => address,
            Err(code) => {
                no.insert(code);
                return Err(no);
            }
        };
        if self.is_another(&address, &customer) {
            no.insert("customer.mismatch");
        }
        if !no.is_empty() {
            return Err(no);
        }
        let customer = self.customer_at(&address, customer);
        self.make_contact(&address, &customer);
        Ok(address)
    }
}
