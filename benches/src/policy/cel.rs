//! The same rules in CEL, one program each, so that every reason is known.

use std::hint::black_box;

use cel::{Context, Program, Value};

use super::Case;
use super::facts::{RULES, facts};
use crate::centre::Outcome;

pub(super) struct Cel {
    programs: Vec<(&'static str, Program)>,
    context: Context<'static, 'static>,
}

impl Cel {
    pub(super) fn new(case: Case) -> Outcome<Self> {
        let compile = |(code, rule): &(&'static str, &str)| -> Outcome<_> {
            Ok((*code, Program::compile(&rule.replace("context.", "")).map_err(|errors| errors.to_string())?))
        };
        let mut context = Context::default();
        for (name, fact) in facts(case).as_object().into_iter().flatten() {
            context.add_variable_from_value(name, cel::to_value(fact).map_err(|error| error.to_string())?);
        }
        Ok(Self { programs: RULES.iter().map(compile).collect::<Outcome<_>>()?, context })
    }

    pub(super) fn reasons(&self) -> usize {
        let holds = |program: &Program| matches!(program.execute(black_box(&self.context)), Ok(Value::Bool(true)));
        let broken = self.programs.iter().filter(|(_, program)| !holds(program)).map(|(code, _)| *code);
        black_box(broken.collect::<Vec<_>>()).len()
    }
}
