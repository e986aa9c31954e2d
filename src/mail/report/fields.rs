//! Blocks of `name: value` lines, as reports write them.

use crate::mail::words::unfold;

/// How many blocks and fields of one report are read.
const MAX_BLOCKS: usize = 200;
const MAX_FIELDS: usize = 1_000;

/// One block of fields, their names in lower case.
#[derive(Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The blocks of a text, which empty lines divide.
    pub(super) fn blocks(text: &str) -> Vec<Self> {
        let mut blocks = vec![Self::default()];
        let mut fields = 0;
        for line in text.lines() {
            if blocks.len() > MAX_BLOCKS || fields > MAX_FIELDS {
                break;
            }
            let Some(block) = blocks.last_mut() else { break };
            if line.trim().is_empty() {
                if !block.0.is_empty() {
                    blocks.push(Self::default());
                }
            } else if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = block.0.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields += 1;
                block.0.push((name.trim().to_ascii_lowercase(), unfold(value).into_owned()));
            }
        }
        blocks
    }

    /// The value of the first name that the block has and that is not blank.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.all(name).find(|value| !value.is_empty()))
    }

    /// The values of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}
