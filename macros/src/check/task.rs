//! Groups and their tasks.

use super::clauses;
use crate::clause::Clauses;
use crate::scope;
use syn::{Block, Error};

/// Checks the body of a group before its tasks are lowered.
pub fn group(_body: &Block, _errors: &mut Vec<Error>) {}

/// Checks one task.
pub fn task(c: &Clauses, block: &Block, errors: &mut Vec<Error>) {
    clauses::contradictions(c, errors);
    let free = scope::free(block);
    clauses::unused_in(c, "task", &|k| free.contains(k), errors);
}
