--- Starts iamlint's language server for files that may hold roles. Neovim 0.7 and later.
---
---   vim.opt.runtimepath:append("/path/to/iamlint/editors/neovim")
---   require("iamlint").setup({ settings = { level = "medium" } })

local M = {}

local PATTERNS = {
  "*.json", "*.yaml", "*.yml", "*.template", "*.tf", "*.tofu", "*.tfvars",
  "iamlint.toml", "pyproject.toml",
}
local MARKERS = { ".git", "iamlint.toml" }

--- The folder of a file's project: the nearest upwards with a marker, else the file's own.
local function root_of(file)
  local own = vim.fn.fnamemodify(file, ":p:h")
  local folder = own
  while true do
    for _, marker in ipairs(MARKERS) do
      if (vim.uv or vim.loop).fs_stat(folder .. "/" .. marker) then
        return folder
      end
    end
    local parent = vim.fn.fnamemodify(folder, ":h")
    if parent == folder then
      return own
    end
    folder = parent
  end
end

--- The client of a project, for Neovim 0.7, which has no `vim.lsp.start`.
local started = {}
local function start_client(config, buffer)
  local id = started[config.root_dir]
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client(config)
    started[config.root_dir] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

local function attach(options, buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  if vim.bo[buffer].buftype ~= "" or file == "" or file:match("^%w+://") then
    return
  end
  local config = {
    name = "iamlint",
    cmd = options.cmd,
    root_dir = root_of(file),
    init_options = options.settings,
    settings = { iamlint = options.settings },
    on_attach = options.on_attach,
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
  else
    start_client(config, buffer)
  end
end

--- Start the server whenever such a file is opened.
---
--- `cmd`: the command, default `{ "iamlint", "lsp" }`; `settings`: `level`, `config`, `onChange`;
--- `on_attach`: called with the client and the buffer.
function M.setup(options)
  options = vim.tbl_extend("keep", options or {}, {
    cmd = { "iamlint", "lsp" },
    settings = vim.empty_dict(),
  })
  if vim.fn.executable(options.cmd[1]) == 0 then
    local advice = 'python3 -m pip install "iamlint[lsp]"'
    vim.notify(("iamlint: `%s` is not there: %s"):format(options.cmd[1], advice), vim.log.levels.WARN)
    return
  end
  vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, {
    group = vim.api.nvim_create_augroup("iamlint", { clear = true }),
    pattern = PATTERNS,
    callback = function(event)
      attach(options, event.buf)
    end,
  })
end

return M
