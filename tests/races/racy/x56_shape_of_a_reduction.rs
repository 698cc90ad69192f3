//! X-interior-mutability: all threads' copies of a reduced variable are made from one `Rc`.
// twin: `type Shape = ()`, or one that is `Sync`

use phalanx::prelude::*;

use std::cell::Cell;
use std::rc::Rc;

struct Op;
struct Value(i32);

impl Reduce<Op> for Value {
    type Shape = Rc<Cell<i32>>;
    //~ `Rc<Cell<i32>>` cannot be shared between threads safely
    //~ `Rc<Cell<i32>>` cannot be sent between threads safely
    fn shape(&self) -> Self::Shape {
        Rc::default()
    }
    fn identity(shape: &Self::Shape) -> Self {
        shape.set(shape.get() + 1);
        Value(0)
    }
    fn combine(&mut self, other: Self) {
        self.0 += other.0;
    }
}

fn run(a: &mut [i32]) {
    let sum = parallel_reduce(Static, &*a, Op, Value(0), |v, x| v.0 += x);
    println!("{}", sum.0);
}

fn main() {
    run(&mut [1; 100]);
}
