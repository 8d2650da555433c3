import { onAddress, viewName } from '../address.js';

/** Views with plots. */
const PLOTTED = ['trajectories', 'scaling', 'continued'];

let library;

/** ECharts, when the first plot is wanted. It is a classic script: as a module it says nothing. */
export function echarts() {
  library ??= import('/page/lib/echarts/echarts.min.js').then(
    () => globalThis.echarts,
    error => {
      library = undefined;
      throw error;
    },
  );
  return library;
}

/** Has the browser read it while the rest of the page and the view's data come; whoever plots is told if that fails. */
function preload() {
  if (PLOTTED.includes(viewName())) {
    echarts().catch(() => undefined);
  }
}

preload();
onAddress(preload);
