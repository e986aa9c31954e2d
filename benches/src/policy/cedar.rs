//! The same rules in Cedar, each a policy that forbids; the answer names those that do.

use std::hint::black_box;

use cedar_policy::{Authorizer, Context, Entities, Policy, PolicyId, PolicySet, Request};

use super::Case;
use super::facts::{RULES, facts};
use crate::centre::Outcome;

pub(super) struct Cedar {
    policies: PolicySet,
    request: Request,
    entities: Entities,
    authorizer: Authorizer,
}

impl Cedar {
    pub(super) fn new(case: Case) -> Outcome<Self> {
        let mut policies = PolicySet::new();
        let permit = "permit(principal, action, resource);".to_owned();
        let forbid = |rule: &str| format!("forbid(principal, action, resource) unless {{ {rule} }};");
        let rules = RULES.iter().map(|(code, rule)| (*code, forbid(rule)));
        for (code, policy) in rules.chain([("permit", permit)]) {
            policies.add(Policy::parse(Some(PolicyId::new(code)), policy)?)?;
        }
        let context = Context::from_json_value(facts(case), None)?;
        let (agent, start, desk) = (r#"Agent::"0""#.parse()?, r#"Action::"start""#.parse()?, r#"Desk::"0""#.parse()?);
        let request = Request::new(agent, start, desk, context, None)?;
        Ok(Self { policies, request, entities: Entities::empty(), authorizer: Authorizer::new() })
    }

    pub(super) fn reasons(&self) -> usize {
        let response = self.authorizer.is_authorized(black_box(&self.request), &self.policies, &self.entities);
        let broken = response.diagnostics().reason().filter(|policy| AsRef::<str>::as_ref(*policy) != "permit");
        black_box(broken.collect::<Vec<_>>()).len()
    }
}
