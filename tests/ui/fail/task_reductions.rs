//! An accumulator stays with its task, and a reduction is over when its tasks are.

use phalanx::prelude::*;
use std::rc::Rc;

fn read_too_early() {
    let sum = TaskReduction::new(ops::Add, 0);
    taskgroup(|tg| {
        tg.task(|_| sum.with(|s| *s += 1));
        println!("{}", sum.into_inner());
    });
}

fn keeps_the_accumulator() {
    let sum = TaskReduction::new(ops::Add, 0);
    let mut kept = None;
    sum.with(|s| kept = Some(s));
}

struct Longest;
impl Reduce<Longest> for Rc<str> {
    type Shape = ();
    fn shape(&self) {}
    fn identity(_: &()) -> Self {
        "".into()
    }
    fn combine(&mut self, other: Self) {
        if other.len() > self.len() {
            *self = other;
        }
    }
}

fn goes_to_other_threads() {
    let longest = TaskReduction::new(Longest, Rc::from(""));
    taskgroup(|tg| tg.task(|_| longest.with(|l| l.combine("text".into()))));
}

fn main() {}
