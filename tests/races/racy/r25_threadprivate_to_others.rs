//! R-threadprivate: a thread gives the others a reference to its own copy.
// twin: free/085_threadprivate

use phalanx::prelude::*;

threadprivate! {
    static LIST: Vec<u64> = Vec::new();
}

fn main() {
    let mut kept: Option<&mut Vec<u64>> = None;
    LIST.with_mut(|list| kept = Some(list)); //~ borrowed data escapes
    parallel_for(Static, 0..4, |_| {
        println!("{}", kept.as_ref().map_or(0, |l| l.len()))
    });
}
