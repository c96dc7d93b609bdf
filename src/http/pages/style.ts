/** The one style sheet: high contrast, large targets, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --accent: #0b57d0; --bad: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: .75rem 1rem;
  border-bottom: 1px solid var(--line); }
header a { font-weight: 700; text-decoration: none; color: inherit; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
ul.gates { list-style: none; padding: 0; }
ul.gates a { display: block; padding: .9rem; border: 1px solid var(--line); border-radius: .6rem; margin-bottom: .6rem;
  color: inherit; text-decoration: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; overflow-wrap: anywhere; }
dt { opacity: .75; } dd { margin: 0; }
label { display: block; margin: .75rem 0; }
input, textarea, select { width: 100%; font: inherit; padding: .7rem; border: 1px solid var(--line); border-radius: .5rem; }
button { font: inherit; padding: .75rem 1.1rem; min-height: 3rem; border-radius: .5rem; border: 1px solid var(--line); }
button.yes { background: var(--accent); color: #fff; border-color: var(--accent); }
button.no { background: var(--bad); color: #fff; border-color: var(--bad); }
.card { border: 1px solid var(--line); border-radius: .6rem; padding: .25rem .9rem .75rem; margin-bottom: .6rem; }
.text { white-space: pre-wrap; } .small { font-size: .875rem; opacity: .75; } section form { margin: .5rem 0; }
a.button { display: inline-block; padding: .75rem 1.1rem; border: 1px solid var(--line); border-radius: .5rem; }
.answers { display: grid; gap: .75rem; margin-top: 1rem; }
.note { border-left: .3rem solid var(--accent); padding: .25rem .75rem; }
.bad { border-left-color: var(--bad); }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .5rem .3rem 0; }
`;
