// The form of all dialogs here.

export { FormDialog } from "../../island/form_dialog.js";
