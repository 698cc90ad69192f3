//! What a task names is all that it has, for as long as it runs.

use phalanx::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

fn a_task_takes_a_handle_along() {
    let mut x = 0;
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task(move |_| println!("{x:?}"));
    });
}

fn the_object_is_used_beside_the_tasks() {
    let mut x = 0;
    taskgroup(|tg| {
        let d = tg.dep(&mut x);
        tg.task_depend(d.inout(), |_, x| *x += 1);
        x += 1;
        tg.task_depend(d.inout(), |_, x| *x += 1);
    });
}

fn two_handles_of_one_object() {
    let mut x = 0;
    taskgroup(|tg| {
        let a = tg.dep(&mut x);
        let b = tg.dep(&mut x);
        tg.task_depend((a.inout(), b.inout()), |_, (a, b)| std::mem::swap(a, b));
    });
}

fn a_reference_is_kept() {
    let mut x = 0;
    let mut kept: Option<&mut i32> = None;
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task_depend(x.inout(), |_, x| kept = Some(x));
    });
}

fn read_by_several_threads() {
    let mut x = Cell::new(0);
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task_depend(x.input(), |_, x| x.set(1));
    });
}

fn sent_to_another_thread() {
    let mut x = Rc::new(0);
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task_depend(x.inout(), |_, x| drop(x.clone()));
    });
}

fn written_through_what_is_read() {
    let mut x = 0;
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task_depend(x.input(), |_, x| *x += 1);
    });
}

fn a_handle_of_what_does_not_live_as_long() {
    taskgroup(|tg| {
        let mut local = 0;
        let x = tg.dep(&mut local);
        tg.task_depend(x.inout(), |_, x| *x += 1);
    });
}

fn no_access() {
    let mut x = 0;
    taskgroup(|tg| {
        tg.task_depend(&mut x, |_, x| *x += 1);
    });
}

fn a_graph_beside_its_object() {
    let mut x = 0;
    let (mut graph, ()) = TaskGraph::record(|g| {
        let x = g.dep(&mut x);
        g.task(x.inout(), |_, x| *x += 1);
    });
    graph.replay();
    println!("{x}");
    graph.replay();
}

fn main() {}
