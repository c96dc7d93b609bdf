import { Parser } from 'yaml';
import { guard } from './src/language/yaml/guard.ts';
import { compileRunbook } from './src/language/index.ts';
import { SourceText } from './src/language/source-text.ts';
import { Reporter } from './src/language/diagnostics.ts';
const bits=['[',']','{','}',': ','- ','? ','\n',' ','a',"'b'",',','\n ','|\n','#c\n','"',"'",':','-','?','a: ','>','\n\n','  ','\n- ','\na:','"b":','[a','{a: ',']: ','}: ','a: |\n x\n','"x\n"',"'\n '",'[]','{}','a:\n','- a:\n'];
let seed=Number(process.argv[2]??1); const rnd=()=>{seed=(seed*1103515245+12345)&0x7fffffff; return seed/0x7fffffff;};
function depth(tok:any):number { let max=0; const st:[any,number][]=[[tok,0]]; while(st.length){ const [n,d]=st.pop()!; if(!n||typeof n!=='object') continue; let nd=d; if(n.type&&(n.items||n.value)) nd=d+1; max=Math.max(max,nd); for(const k of ['items','value','key','sep','start','props']) { const v=n[k]; if(Array.isArray(v)) for(const x of v) st.push([x,nd]); else if(v&&typeof v==='object') st.push([v,nd]); } } return max; }
let passed=0, worst=0, slow=0;
const end=performance.now()+60000;
while(performance.now()<end){ const pick=()=>{let t='';const n=1+Math.floor(rnd()*6);for(let k=0;k<n;k++)t+=bits[Math.floor(rnd()*bits.length)];return t;};
 const t=(rnd()<0.5?pick():'')+pick().repeat(150)+pick()+(rnd()<0.3?pick().repeat(100):'');
 const src=new SourceText(t); if(!guard(src,new Reporter(src,'x'))) continue; passed++;
 let d=0; for(const tok of new Parser().parse(t)) d=Math.max(d,depth(tok)); if(d>worst){worst=d;console.log(d,JSON.stringify(t.slice(0,60)),JSON.stringify(t.slice(-20)));}
 const s=performance.now(); compileRunbook({text:t,file:'x'}); slow=Math.max(slow,performance.now()-s);
}
console.log('passed',passed,'worst',worst,'slow',slow);
