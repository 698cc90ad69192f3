//! R-reduction: threads give each other references to what is on their stacks.
// twin: free/121_reductions_in_a_region

use phalanx::prelude::*;

#[derive(Clone, Copy)]
struct Longest<'a>(&'a [u64]);
struct Max;

impl<'a> phalanx::Reduce<Max> for Longest<'a> {
    type Shape = ();
    fn shape(&self) {}
    fn identity((): &()) -> Self {
        Longest(&[])
    }
    fn combine(&mut self, other: Self) {
        if other.0.len() > self.0.len() {
            *self = other;
        }
    }
}

fn main() {
    region(Static, (), |cx, ()| {
        let own = vec![1; cx.thread_num()];
        let none = Longest(&[]);
        let best = cx.reduce(Static, 0..4, (), Max, none, |best, _, ()| {
            *best = Longest(&own)
        });
        //~ but it borrows `own`
        println!("{}", best.0.len());
    });
}
